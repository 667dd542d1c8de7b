// No statement: relations people browse are drawn anew, each with the records that say it of
// somebody who is not surely known.
