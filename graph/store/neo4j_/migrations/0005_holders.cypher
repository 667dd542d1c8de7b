// No statement: who owns a body and who is in its posts says who the body is, too, so what was
// resolved without that is looked at again.
