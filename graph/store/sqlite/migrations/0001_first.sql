-- Evidence: written once by a load, never changed and never deleted. A withdrawn batch only
-- switches records off. Dates are days since 1970-01-01, instants ISO 8601 in UTC.
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  delivery TEXT NOT NULL,          -- full | incremental
  register INTEGER NOT NULL        -- 1: states what is registered, not what was decided
);

CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  source INTEGER NOT NULL REFERENCES source (id),
  file TEXT NOT NULL,              -- base name
  file_digest TEXT NOT NULL,
  data_date INTEGER,               -- the day the file speaks of, by its name or its rows
  loaded_at TEXT NOT NULL,
  withdrawn_at TEXT,
  read INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  repeated INTEGER NOT NULL DEFAULT 0,
  mended INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX batch_file ON batch (file_digest);

CREATE TABLE sheet (
  batch INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  header TEXT NOT NULL,            -- JSON list of headings as read
  PRIMARY KEY (batch, position)
) WITHOUT ROWID;

CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,     -- the contract id: digest of source and canonical cells
  source INTEGER NOT NULL,
  natural_key BLOB,                -- digest of what the row is about, across deliveries
  version INTEGER,                 -- how new the row is, by its own dates
  active INTEGER NOT NULL DEFAULT 1  -- 0: every batch it was seen in is withdrawn
);
CREATE INDEX record_natural_key ON record (natural_key) WHERE natural_key IS NOT NULL;

-- The cells of consecutive records, packed and sealed together; see Seal.seal_block.
CREATE TABLE cells (
  first INTEGER PRIMARY KEY,       -- key of the first record
  body BLOB NOT NULL
);

CREATE TABLE sighting (
  batch INTEGER NOT NULL,
  sheet INTEGER NOT NULL,
  row INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (batch, sheet, row)
) WITHOUT ROWID;
CREATE INDEX sighting_record ON sighting (record);

CREATE TABLE refusal (
  batch INTEGER NOT NULL,
  sheet INTEGER NOT NULL,
  row INTEGER NOT NULL,
  code TEXT NOT NULL,
  facts TEXT NOT NULL,             -- JSON
  cells BLOB NOT NULL,             -- sealed JSON list, as read
  mended_by INTEGER,               -- the record of the mended row
  PRIMARY KEY (batch, sheet, row)
) WITHOUT ROWID;

-- A mention's key is its record's key times 256 plus its place in the row.
CREATE TABLE mention (
  id INTEGER PRIMARY KEY,
  role TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL
);

CREATE TABLE identifier (
  mention INTEGER NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,            -- valid | repaired | masked | truncated | invalid
  value NOT NULL,                  -- TEXT, or a sealed BLOB for personal identifiers
  key BLOB NOT NULL,               -- keyed digest
  repairs TEXT,
  PRIMARY KEY (mention, position)
) WITHOUT ROWID;

CREATE TABLE relation (
  record INTEGER NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  source INTEGER NOT NULL,         -- mention
  target INTEGER NOT NULL,         -- mention
  since INTEGER,
  until INTEGER,
  share REAL,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE listing (
  record INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  party INTEGER NOT NULL,          -- mention
  authority TEXT NOT NULL,
  decision_number TEXT NOT NULL,
  case_key BLOB,                   -- digest of authority and decision number
  violation_date INTEGER,
  decision_date INTEGER,
  since INTEGER,
  until INTEGER,
  scope TEXT,
  severity TEXT,
  named TEXT,                      -- JSON list of mentions
  facts TEXT,                      -- JSON object
  events TEXT                      -- JSON list of [status, day]
);

CREATE TABLE case_event (
  record INTEGER NOT NULL,
  position INTEGER NOT NULL,
  status TEXT NOT NULL,
  happened INTEGER,
  party INTEGER NOT NULL,          -- mention
  authority TEXT NOT NULL,
  decision_number TEXT NOT NULL,
  case_key BLOB,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;
CREATE INDEX case_event_key ON case_event (case_key);

CREATE TABLE bid (
  record INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  lot TEXT NOT NULL,
  opened INTEGER,
  bidder INTEGER NOT NULL          -- mention
);

-- Derived: rebuilt by resolve and propagate; what ends is closed, not erased.
CREATE TABLE subject (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  strong INTEGER NOT NULL,
  recorded_from TEXT NOT NULL,
  recorded_to TEXT                 -- NULL: current
);

CREATE TABLE subject_name (
  name_key TEXT NOT NULL,
  subject INTEGER NOT NULL,
  PRIMARY KEY (name_key, subject)
) WITHOUT ROWID;
CREATE INDEX subject_name_subject ON subject_name (subject);

CREATE TABLE subject_key (
  key BLOB NOT NULL,
  subject INTEGER NOT NULL,
  type TEXT NOT NULL,
  disputed INTEGER NOT NULL,
  PRIMARY KEY (key, subject)
) WITHOUT ROWID;
CREATE INDEX subject_key_subject ON subject_key (subject);

CREATE TABLE membership (
  mention INTEGER PRIMARY KEY,
  subject INTEGER NOT NULL,
  strong INTEGER NOT NULL,
  recorded_from TEXT NOT NULL
);
CREATE INDEX membership_subject ON membership (subject);

CREATE TABLE membership_past (
  mention INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  recorded_from TEXT NOT NULL,
  recorded_to TEXT NOT NULL,
  PRIMARY KEY (mention, subject, recorded_from)
) WITHOUT ROWID;

CREATE TABLE review (
  subject TEXT NOT NULL,
  other TEXT NOT NULL,
  reason TEXT NOT NULL,
  type TEXT NOT NULL,
  key BLOB NOT NULL,
  recorded_from TEXT NOT NULL,
  recorded_to TEXT,
  PRIMARY KEY (subject, other, reason, key, recorded_from)
) WITHOUT ROWID;
CREATE INDEX review_other ON review (other);

-- Records switched off or on again since the last resolve.
CREATE TABLE touched (record INTEGER PRIMARY KEY);

CREATE TABLE finding (
  sequence INTEGER PRIMARY KEY,
  uid TEXT NOT NULL,
  subject TEXT NOT NULL,
  rule TEXT NOT NULL,
  kind TEXT NOT NULL,
  suspected INTEGER NOT NULL,
  body TEXT NOT NULL,              -- JSON
  recorded_from TEXT NOT NULL,
  recorded_to TEXT
);
CREATE UNIQUE INDEX finding_current ON finding (uid) WHERE recorded_to IS NULL;
CREATE INDEX finding_subject ON finding (subject) WHERE recorded_to IS NULL;
