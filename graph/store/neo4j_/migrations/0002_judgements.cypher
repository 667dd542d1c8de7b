// The ledger of judgements, by what subjects may be joined, what findings wait for, and the feed.
CREATE CONSTRAINT judgement_uid IF NOT EXISTS FOR (n:Judgement) REQUIRE n.uid IS UNIQUE;
CREATE CONSTRAINT judgement_sequence IF NOT EXISTS FOR (n:Judgement) REQUIRE n.sequence IS UNIQUE;
CREATE CONSTRAINT trace_key IF NOT EXISTS FOR (n:Trace) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT affected_id IF NOT EXISTS FOR (n:Affected) REQUIRE n.id IS UNIQUE;
CREATE INDEX record_series IF NOT EXISTS FOR (n:Record) ON (n.series);
CREATE INDEX finding_subject IF NOT EXISTS FOR (n:Finding) ON (n.subject);
CREATE INDEX finding_appeared IF NOT EXISTS FOR (n:Finding) ON (n.appeared);
CREATE INDEX finding_retracted IF NOT EXISTS FOR (n:Finding) ON (n.retracted);
