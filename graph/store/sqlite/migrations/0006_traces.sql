-- By what else than identifiers subjects may be joined: digests of a body's full name, and of a
-- person's name in a post of one body. Kept by `resolve`; whoever shares one is looked at together.
CREATE TABLE trace (
  key BLOB NOT NULL,
  subject INTEGER NOT NULL,
  PRIMARY KEY (key, subject)
) WITHOUT ROWID;
CREATE INDEX trace_subject ON trace (subject);

-- What was resolved without them is looked at again as a whole.
DELETE FROM meta WHERE name = 'resolved_through';
