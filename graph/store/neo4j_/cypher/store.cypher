// Statements about the store itself: its schema version, its key, who may write.

// name: store_meta
MATCH (m:Meta {name: 'store'}) RETURN m.schema, m.key_fingerprint

// name: foreign_labels
CALL db.labels() YIELD label WITH label WHERE label <> 'Meta'
CALL { WITH label MATCH (n) WHERE label IN labels(n) RETURN n LIMIT 1 }
RETURN label LIMIT 3

// name: put_meta
MERGE (m:Meta {name: 'store'})
ON CREATE SET m.batches = 0, m.changes = 0, m.judged = 0, m.told = 0, m.resolved_through = 0,
  m.evidence_changed = false, m.everyone_affected = false, m.key_fingerprint = $fingerprint
SET m.schema = $schema

// name: resolve_anew
MATCH (m:Meta {name: 'store'}) SET m.resolved_through = 0

// name: wait_for_indexes
CALL db.awaitIndexes(300)

// name: alive
RETURN 1

// name: take_lock
MERGE (m:Meta {name: 'lock'}) SET m.held = coalesce(m.held, 0) + 1

// name: view
MATCH (m:Meta {name: 'store'})
OPTIONAL MATCH (b:Batch) WHERE b.state <> 'complete'
RETURN m.batches, m.changes, collect(b.number), m.resolved_through

// name: state
MATCH (m:Meta {name: 'store'})
RETURN m.resolved_at, m.propagated_at, m.findings_ground, m.everyone_affected, m.evidence_changed,
       EXISTS { MATCH (:Affected) }
