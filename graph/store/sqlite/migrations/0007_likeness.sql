-- What rows tell of bodies beside names and identifiers; of a phone only a keyed digest is kept.
-- Rows loaded before have none: they are compared by what else they tell.
CREATE TABLE trait (
  mention INTEGER NOT NULL,
  type TEXT NOT NULL,              -- phone | address | founded
  value TEXT NOT NULL,
  PRIMARY KEY (mention, type)
) WITHOUT ROWID;

-- Where bodies that are like a subject would meet it. Kept by `resolve`; looked up, not followed.
CREATE TABLE meeting (
  key INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  known INTEGER NOT NULL,          -- 1: all who have the key there are one with a full code
  PRIMARY KEY (key, subject)
) WITHOUT ROWID;
CREATE INDEX meeting_subject ON meeting (subject);

-- What was resolved without them is looked at again as a whole.
DELETE FROM meta WHERE name = 'resolved_through';
