// What must be unique, and what is looked up. Community Edition has uniqueness constraints and
// indexes; that values exist is the writer's care.
CREATE CONSTRAINT meta_name IF NOT EXISTS FOR (n:Meta) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT source_name IF NOT EXISTS FOR (n:Source) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT batch_uid IF NOT EXISTS FOR (n:Batch) REQUIRE n.uid IS UNIQUE;
CREATE CONSTRAINT batch_number IF NOT EXISTS FOR (n:Batch) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT sheet_id IF NOT EXISTS FOR (n:Sheet) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT refusal_id IF NOT EXISTS FOR (n:Refusal) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT cells_first IF NOT EXISTS FOR (n:Cells) REQUIRE n.first IS UNIQUE;
CREATE CONSTRAINT record_digest IF NOT EXISTS FOR (n:Record) REQUIRE n.digest IS UNIQUE;
CREATE CONSTRAINT mention_key IF NOT EXISTS FOR (n:Mention) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT listing_record IF NOT EXISTS FOR (n:Listing) REQUIRE n.record IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:CaseEvent) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT bid_record IF NOT EXISTS FOR (n:Bid) REQUIRE n.record IS UNIQUE;
CREATE CONSTRAINT subject_id IF NOT EXISTS FOR (n:Subject) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT identifier_key IF NOT EXISTS FOR (n:Identifier) REQUIRE n.key IS UNIQUE;
CREATE INDEX record_natural_key IF NOT EXISTS FOR (n:Record) ON (n.natural_key);
CREATE INDEX mention_name_key IF NOT EXISTS FOR (n:Mention) ON (n.name_key);
CREATE INDEX listing_case_key IF NOT EXISTS FOR (n:Listing) ON (n.case_key);
CREATE INDEX event_case_key IF NOT EXISTS FOR (n:CaseEvent) ON (n.case_key);
CREATE INDEX bid_project IF NOT EXISTS FOR (n:Bid) ON (n.project);
CREATE INDEX identifier_value IF NOT EXISTS FOR (n:Identifier) ON (n.value);
CREATE INDEX subject_name IF NOT EXISTS FOR (n:Subject) ON (n.name);
CREATE INDEX review_subject IF NOT EXISTS FOR (n:Review) ON (n.subject);
CREATE INDEX finding_id IF NOT EXISTS FOR (n:Finding) ON (n.id);
CREATE INDEX staged_id IF NOT EXISTS FOR (n:Staged) ON (n.id);
// Any part of any name a subject is recorded under, by pairs of characters.
CREATE FULLTEXT INDEX subject_names IF NOT EXISTS FOR (n:Subject) ON EACH [n.name_keys]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}};
