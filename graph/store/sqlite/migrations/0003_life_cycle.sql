-- What was known when, and what changed since: for old answers, and for those who follow us.
CREATE TABLE subject_past (
  id INTEGER NOT NULL,
  uid TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  strong INTEGER NOT NULL,
  recorded_from TEXT NOT NULL,
  recorded_to TEXT NOT NULL,
  PRIMARY KEY (id, recorded_from)
) WITHOUT ROWID;
CREATE TRIGGER subject_described_anew AFTER UPDATE ON subject
WHEN old.recorded_from <> new.recorded_from
BEGIN
  INSERT INTO subject_past VALUES (
    old.id, old.uid, old.kind, old.name, old.strong, old.recorded_from,
    coalesce(old.recorded_to, new.recorded_from)
  );
END;
ALTER TABLE membership_past ADD COLUMN strong INTEGER NOT NULL DEFAULT 0;

CREATE INDEX bid_project ON bid (project);

-- Subjects whose findings wait to be looked at again.
CREATE TABLE affected (uid TEXT PRIMARY KEY) WITHOUT ROWID;

-- The change feed: findings as they appear and are retracted, in order.
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  recorded_at TEXT NOT NULL,
  what TEXT NOT NULL,              -- appeared | retracted
  finding TEXT NOT NULL,
  subject TEXT NOT NULL,
  rule TEXT NOT NULL,
  kind TEXT NOT NULL,
  suspected INTEGER NOT NULL
);
