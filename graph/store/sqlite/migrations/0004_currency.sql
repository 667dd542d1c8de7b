-- What makes a statement current: rows that follow one another, and what a full file is all of.
CREATE TABLE succession (
  record INTEGER PRIMARY KEY,
  series BLOB NOT NULL             -- digest of what successive rows are about
);
CREATE INDEX succession_series ON succession (series);

CREATE TABLE extent (
  record INTEGER PRIMARY KEY,
  whole BLOB NOT NULL              -- digest of what the row's full file is the whole of
);
CREATE TABLE batch_extent (
  batch INTEGER NOT NULL,
  whole BLOB NOT NULL,
  PRIMARY KEY (batch, whole)
) WITHOUT ROWID;

