-- Names by any part of them: a trigram index beside the names, kept by `resolve`.
CREATE TABLE name_of (
  id INTEGER PRIMARY KEY,
  name_key TEXT NOT NULL,
  subject INTEGER NOT NULL,
  UNIQUE (name_key, subject)
);
INSERT INTO name_of (name_key, subject) SELECT name_key, subject FROM subject_name;
DROP TABLE subject_name;
ALTER TABLE name_of RENAME TO subject_name;
CREATE INDEX subject_name_subject ON subject_name (subject);
CREATE VIRTUAL TABLE name_search
  USING fts5 (name_key, content = 'subject_name', content_rowid = 'id', tokenize = 'trigram');
INSERT INTO name_search (name_search) VALUES ('rebuild');
