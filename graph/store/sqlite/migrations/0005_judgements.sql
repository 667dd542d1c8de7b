-- The ledger of judgements: rows are only ever added; an undo is another row.
CREATE TABLE judgement (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE,
  action TEXT NOT NULL,            -- judge | undo | confirm
  of TEXT NOT NULL,                -- uid of the row undone or confirmed
  pending INTEGER NOT NULL,        -- 1: counts once another person confirms it
  verdict TEXT NOT NULL,           -- same | different | unsure
  judged_by TEXT NOT NULL,
  judged_at TEXT NOT NULL,
  why BLOB NOT NULL,               -- sealed: a person's words may name persons
  task TEXT NOT NULL,
  evidence TEXT NOT NULL,
  model TEXT NOT NULL
);
CREATE INDEX judgement_of ON judgement (of, action);

CREATE TABLE judged_pair (
  judgement INTEGER NOT NULL REFERENCES judgement (sequence),
  one INTEGER NOT NULL,            -- mention
  other INTEGER NOT NULL,          -- mention
  PRIMARY KEY (judgement, one, other)
) WITHOUT ROWID;
CREATE INDEX judged_pair_one ON judged_pair (one, other);
CREATE INDEX judged_pair_other ON judged_pair (other, one);

-- The questions a judgement answers: what else is asked about the same pair is asked anew.
CREATE TABLE answered (
  judgement INTEGER NOT NULL,
  one INTEGER NOT NULL,
  other INTEGER NOT NULL,
  reason TEXT NOT NULL,
  type TEXT NOT NULL,
  key BLOB NOT NULL,
  PRIMARY KEY (judgement, one, other, type, key, reason)
) WITHOUT ROWID;
