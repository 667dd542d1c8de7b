// All of a store as rows, page by page in the order of a unique key, and rows as a store.

// name: holds_batches
MATCH (b:Batch) RETURN b.number LIMIT 1

// name: copying
MATCH (m:Meta {name: 'store'}) RETURN coalesce(m.copying, false)

// name: start_copying
// The lock comes first: who opens a batch takes it, too.
MATCH (m:Meta {name: 'store'}) SET m.batches = m.batches
WITH m WHERE coalesce(m.copying, false) OR NOT EXISTS { MATCH (:Batch) }
SET m.copying = true
RETURN m.copying

// name: clear
MATCH (n) WHERE NOT n:Meta WITH n LIMIT $most DETACH DELETE n RETURN count(*)

// name: dump_sources
MATCH (s:Source) RETURN s.name, s.delivery, s.register

// name: dump_batches
MATCH (b:Batch) WHERE b.state <> 'open'
RETURN b.number, b.uid, b.source, b.file, b.file_digest, b.data_date, b.loaded_at, b.withdrawn_at,
       b.read, b.accepted, b.refused, b.repeated, b.mended
ORDER BY b.number

// name: dump_sheets
MATCH (s:Sheet)-[:IN]->(b:Batch) WHERE b.state <> 'open'
RETURN b.number, s.position, s.name, s.header

// name: dump_records
MATCH (r:Record)
USING INDEX r:Record(digest)
WHERE r.digest > $after
WITH r ORDER BY r.digest LIMIT $most
RETURN r.digest, r.key, r.source, r.natural_key, r.version,
       EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }

// name: dump_series
MATCH (r:Record)
USING INDEX r:Record(digest)
WHERE r.digest > $after
WITH r ORDER BY r.digest LIMIT $most
RETURN r.digest, r.key,
       CASE WHEN EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' } THEN r.series END

// name: dump_wholes
MATCH (r:Record)
USING INDEX r:Record(digest)
WHERE r.digest > $after
WITH r ORDER BY r.digest LIMIT $most
RETURN r.digest, r.key,
       CASE WHEN EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' } THEN r.whole END

// name: dump_batch_wholes
MATCH (b:Batch) WHERE b.state <> 'open'
UNWIND b.wholes AS whole
RETURN b.number, whole

// name: dump_cells
MATCH (c:Cells)
USING INDEX c:Cells(first)
WHERE c.first > $after
RETURN c.first, c.body ORDER BY c.first LIMIT $most

// name: dump_sightings
MATCH (r:Record)
USING INDEX r:Record(digest)
WHERE r.digest > $after
WITH r ORDER BY r.digest LIMIT $most
OPTIONAL MATCH (r)-[t:SEEN_IN]->(b:Batch) WHERE b.state <> 'open'
RETURN r.digest, r.key, b.number, t.sheet, t.row

// name: dump_mentions
MATCH (m:Mention)
USING INDEX m:Mention(key)
WHERE m.key > $after
WITH m ORDER BY m.key LIMIT $most
MATCH (m)-[:IN]->(r:Record)
RETURN m.key, r.digest, m.role, m.ordinal, m.kind, m.name, m.identifier_types,
       m.identifier_statuses, m.identifier_values, m.identifier_keys, m.identifier_repairs,
       EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
ORDER BY m.key

// name: dump_traits
MATCH (m:Mention)
USING INDEX m:Mention(key)
WHERE m.key > $after
WITH m ORDER BY m.key LIMIT $most
MATCH (m)-[:IN]->(r:Record)
RETURN m.key, m.phone, m.address, m.founded,
       EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
ORDER BY m.key

// name: dump_relations
MATCH (m:Mention)
USING INDEX m:Mention(key)
WHERE m.key > $after
WITH m ORDER BY m.key LIMIT $most
MATCH (m)-[:IN]->(r:Record)
OPTIONAL MATCH (m)-[t:STATED]->(o:Mention)
WHERE EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
RETURN m.key, r.key, t.position, t.type, o.key, t.since, t.until, t.share
ORDER BY m.key

// name: dump_listings
MATCH (l:Listing)
USING INDEX l:Listing(record)
WHERE l.record > $after
WITH l ORDER BY l.record LIMIT $most
MATCH (l)-[:STATED_IN]->(r:Record)
MATCH (l)-[:ABOUT]->(m:Mention)
RETURN l.record, r.digest, l.kind, m.key, l.authority, l.decision_number, l.case_key,
       l.violation_date, l.decision_date, l.since, l.until, l.scope, l.severity, l.named, l.facts,
       l.events, EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
ORDER BY l.record

// name: dump_case_events
MATCH (e:CaseEvent)
USING INDEX e:CaseEvent(id)
WHERE e.id > $after
WITH e ORDER BY e.id LIMIT $most
MATCH (e)-[:STATED_IN]->(r:Record)
MATCH (e)-[:ABOUT]->(m:Mention)
RETURN e.id, r.key, r.digest, e.position, e.status, e.happened, m.key, e.authority,
       e.decision_number, e.case_key,
       EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
ORDER BY e.id

// name: dump_bids
MATCH (o:Bid)
USING INDEX o:Bid(record)
WHERE o.record > $after
WITH o ORDER BY o.record LIMIT $most
MATCH (o)-[:STATED_IN]->(r:Record)
MATCH (o)-[:BY]->(m:Mention)
RETURN o.record, r.digest, o.project, o.lot, o.opened, m.key,
       EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
ORDER BY o.record

// name: dump_refusals
MATCH (f:Refusal)
USING INDEX f:Refusal(id)
WHERE f.id > $after
WITH f ORDER BY f.id LIMIT $most
MATCH (f)-[:IN]->(b:Batch)
OPTIONAL MATCH (f)-[:MENDED_BY]->(r:Record)
WHERE EXISTS { (r)-[:SEEN_IN]->(s) WHERE s.state = 'complete' }
RETURN f.id, b.number, f.sheet, f.row, f.code, f.facts, f.cells, min(r.digest), b.state <> 'open'
ORDER BY f.id

// name: dump_subjects
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id > $after
RETURN s.id, s.kind, s.name, s.strong, s.recorded_from, s.recorded_to ORDER BY s.id LIMIT $most

// name: dump_keys
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id > $after
WITH s ORDER BY s.id LIMIT $most
OPTIONAL MATCH (s)-[h:HOLDS]->(i:Identifier)
RETURN s.id, i.key, i.type, h.disputed

// name: dump_memberships
MATCH (m:Mention)
USING INDEX m:Mention(key)
WHERE m.key > $after
WITH m ORDER BY m.key LIMIT $most
OPTIONAL MATCH (m)-[t:RESOLVED_TO]->(s:Subject)
RETURN m.key, s.id, t.strong, t.recorded_from ORDER BY m.key

// name: dump_past
MATCH (m:Mention)
USING INDEX m:Mention(key)
WHERE m.key > $after
WITH m ORDER BY m.key LIMIT $most
OPTIONAL MATCH (m)-[t:WAS_RESOLVED_TO]->(s:Subject)
RETURN m.key, s.id, t.recorded_from, t.recorded_to, t.strong ORDER BY m.key

// name: dump_described
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id > $after
WITH s ORDER BY s.id LIMIT $most
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
RETURN s.id, d.kind, d.name, d.strong, d.recorded_from, d.recorded_to

// name: dump_traces
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id > $after
WITH s ORDER BY s.id LIMIT $most
OPTIONAL MATCH (s)-[:TRACED_BY]->(x:Trace)
RETURN s.id, x.key

// name: dump_meetings
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id > $after
WITH s ORDER BY s.id LIMIT $most
OPTIONAL MATCH (s)-[t:MET_BY]->(x:Meeting)
RETURN s.id, x.key, t.known

// name: dump_judgements
MATCH (j:Judgement)
RETURN j.sequence, j.uid, j.action, j.of, j.pending, j.verdict, j.by, j.at, j.why, j.task,
       j.evidence, j.model
ORDER BY j.sequence

// name: dump_reviews
MATCH (v:Review)
RETURN v.subject, v.other, v.reason, v.type, v.key, v.recorded_from, v.recorded_to

// name: dump_findings
MATCH (f:Finding) RETURN f.id, f.body, f.recorded_from, f.recorded_to
ORDER BY f.appeared

// name: dump_changes
MATCH (f:Finding)
UNWIND [[f.appeared, f.recorded_from, 'appeared'], [f.retracted, f.recorded_to, 'retracted']] AS each
WITH f, each WHERE each[0] IS NOT NULL
RETURN each[0], each[1], each[2], f.id, f.subject, f.rule, f.kind, f.suspected

// name: dump_waiting
CALL () {
  MATCH (b:Batch) WHERE $through < b.changed <= $changes
  MATCH (r:Record)-[:SEEN_IN]->(b)
  WITH DISTINCT r
  WHERE NOT EXISTS {
    (r)-[:SEEN_IN]->(s) WHERE s.state = 'complete' AND s.changed <= $through
  } OR r.natural_key IS NOT NULL AND EXISTS {
    MATCH (o:Record {natural_key: r.natural_key}) WHERE o <> r
  }
  RETURN r
UNION
  MATCH (j:Judgement) WHERE $through < j.changed <= $changes
  MATCH (j)-[:OF*0..]->(:Judgement)-[:ON]->(:JudgedPair)-[:ONE|OTHER]->(:Mention)-[:IN]->(r:Record)
  RETURN r
}
RETURN r.digest, r.key

// name: restore_sources
UNWIND $rows AS row
CREATE (s:Source {name: row[0], delivery: row[1], register: row[2]})

// name: restore_batches
UNWIND $rows AS row
MATCH (s:Source {name: row[2]})
CREATE (b:Batch {number: row[0], uid: row[1], source: row[2], file: row[3], file_digest: row[4],
  data_date: row[5], loaded_at: row[6], withdrawn_at: row[7], read: row[8], accepted: row[9],
  refused: row[10], repeated: row[11], mended: row[12], changed: 1, wholes: [],
  state: CASE WHEN row[7] IS NULL THEN 'complete' ELSE 'withdrawn' END})
CREATE (b)-[:FROM]->(s)

// name: restore_sheets
UNWIND $rows AS row
MATCH (b:Batch {number: row[0]})
CREATE (s:Sheet {id: toString(row[0]) + ':' + toString(row[1]), position: row[1], name: row[2],
  header: row[3]})
CREATE (s)-[:IN]->(b)

// name: restore_records
UNWIND $rows AS row
CREATE (r:Record {digest: row[0], key: row[1], source: row[2], natural_key: row[3],
  version: row[4]})

// name: restore_sightings
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
MATCH (b:Batch {number: row[2]})
CREATE (r)-[:SEEN_IN {sheet: row[3], row: row[4]}]->(b)
SET r.batch = coalesce(r.batch, row[2])

// name: restore_series
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
SET r.series = row[2]

// name: restore_wholes
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
SET r.whole = row[2]

// name: restore_batch_wholes
UNWIND $rows AS row
MATCH (b:Batch {number: row[0]})
SET b.wholes = b.wholes + row[1]

// name: restore_refusals
UNWIND $rows AS row
MATCH (b:Batch {number: row[0]})
CREATE (f:Refusal {id: toString(row[0]) + ':' + toString(row[1]) + ':' + toString(row[2]),
  sheet: row[1], row: row[2], code: row[3], facts: row[4], cells: row[5]})
CREATE (f)-[:IN]->(b)
WITH f, row
MATCH (r:Record {digest: row[6]})
USING INDEX r:Record(digest)
CREATE (f)-[:MENDED_BY]->(r)

// name: restore_subjects
UNWIND $rows AS row
CREATE (s:Subject {id: row[0], kind: row[1], name: row[2], strong: row[3], recorded_from: row[4],
  recorded_to: row[5]})
SET s:$(row[6])

// name: restore_keys
UNWIND $rows AS row
MATCH (s:Subject {id: row[0]})
USING INDEX s:Subject(id)
MERGE (i:Identifier {key: row[1]}) ON CREATE SET i.type = row[2]
CREATE (s)-[:HOLDS {disputed: row[3]}]->(i)

// name: restore_memberships
UNWIND $rows AS row
MATCH (m:Mention {key: row[0]})
USING INDEX m:Mention(key)
MATCH (s:Subject {id: row[1]})
USING INDEX s:Subject(id)
CREATE (m)-[:RESOLVED_TO {strong: row[2], recorded_from: row[3]}]->(s)

// name: restore_past
UNWIND $rows AS row
MATCH (m:Mention {key: row[0]})
USING INDEX m:Mention(key)
MATCH (s:Subject {id: row[1]})
USING INDEX s:Subject(id)
CREATE (m)-[:WAS_RESOLVED_TO {recorded_from: row[2], recorded_to: row[3], strong: row[4]}]->(s)

// name: restore_described
UNWIND $rows AS row
MATCH (s:Subject {id: row[0]})
USING INDEX s:Subject(id)
CREATE (:Description {kind: row[1], name: row[2], strong: row[3], recorded_from: row[4],
  recorded_to: row[5]})-[:DESCRIBED]->(s)

// name: restore_judgements
UNWIND $rows AS row
CREATE (j:Judgement {sequence: row[0], uid: row[1], action: row[2], of: row[3], pending: row[4],
  verdict: row[5], by: row[6], at: row[7], why: row[8], task: row[9], evidence: row[10],
  model: row[11], changed: CASE WHEN row[4] THEN NULL ELSE 1 END})
WITH j
MATCH (meant:Judgement {uid: j.of})
CREATE (j)-[:OF]->(meant)

// name: restore_judged
UNWIND $rows AS row
MATCH (j:Judgement {sequence: row[0]})
USING INDEX j:Judgement(sequence)
MATCH (one:Mention {key: row[1]})
USING INDEX one:Mention(key)
MATCH (other:Mention {key: row[2]})
USING INDEX other:Mention(key)
CREATE (j)-[:ON]->(p:JudgedPair {reasons: [], types: [], keys: []})
CREATE (p)-[:ONE]->(one)
CREATE (p)-[:OTHER]->(other)

// name: restore_answered
UNWIND $rows AS row
MATCH (j:Judgement {sequence: row[0]})-[:ON]->(p:JudgedPair)
USING INDEX j:Judgement(sequence)
WHERE EXISTS { (p)-[:ONE]->(:Mention {key: row[1]}) }
  AND EXISTS { (p)-[:OTHER]->(:Mention {key: row[2]}) }
SET p.reasons = p.reasons + row[3], p.types = p.types + row[4], p.keys = p.keys + row[5]

// name: restore_changes
UNWIND $rows AS row
MATCH (f:Finding {id: row[3]})
USING INDEX f:Finding(id)
WHERE row[2] = 'appeared' AND f.recorded_from = row[1]
  OR row[2] = 'retracted' AND f.recorded_to = row[1]
WITH row, f ORDER BY row[0]
FOREACH (each IN CASE WHEN row[2] = 'appeared' THEN [f] ELSE [] END |
  SET each.appeared = row[0])
FOREACH (each IN CASE WHEN row[2] = 'retracted' THEN [f] ELSE [] END |
  SET each.retracted = row[0])

// name: restore_affected
UNWIND $rows AS row
MERGE (:Affected {id: row[0]})

// name: restore_reviews
UNWIND $rows AS row
CREATE (v:Review {subject: row[0], other: row[1], reason: row[2], type: row[3], key: row[4],
  recorded_from: row[5], recorded_to: row[6]})
WITH v, row
MATCH (s:Subject) WHERE s.id IN [row[0], row[1]]
CREATE (v)-[:BETWEEN]->(s)

// name: restore_findings
UNWIND $rows AS row
CREATE (f:Finding {id: row[0], rule: row[1], kind: row[2], suspected: row[3], measure: row[4],
  since: row[5], until: row[6], body: row[7], subject: row[8], recorded_from: row[10],
  recorded_to: row[11]})
WITH f, row
OPTIONAL MATCH (s:Subject {id: row[8]})
USING INDEX s:Subject(id)
FOREACH (each IN CASE WHEN s IS NULL THEN [] ELSE [s] END | CREATE (f)-[:REACHES]->(each))
WITH f, row
UNWIND row[9] AS digest
MATCH (r:Record {digest: digest})
USING INDEX r:Record(digest)
CREATE (f)-[:RESTS_ON]->(r)

// name: restore_waiting
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})-[:SEEN_IN]->(b:Batch)
USING INDEX r:Record(digest)
SET b.changed = 2

// name: restore_state
MATCH (m:Meta {name: 'store'})
OPTIONAL MATCH (j:Judgement)
WITH m, coalesce(max(j.sequence), 0) AS judged
OPTIONAL MATCH (f:Finding)
WITH m, judged, coalesce(max(f.appeared), 0) AS appeared, coalesce(max(f.retracted), 0) AS retracted
SET m.resolved_at = $resolved_at, m.propagated_at = $propagated_at, m.findings_ground = $ground,
  m.everyone_affected = $everyone, m.evidence_changed = $changed, m.changes = 2,
  m.resolved_through = 1, m.judged = judged,
  m.told = CASE WHEN appeared > retracted THEN appeared ELSE retracted END

// name: count_copied
MATCH (m:Meta {name: 'store'})
OPTIONAL MATCH (b:Batch)
WITH m, coalesce(max(b.number), 0) AS number
OPTIONAL MATCH (n:Mention)
WITH m, number, coalesce(max(n.key), 0) / $span AS used
SET m.batches = CASE WHEN used > number THEN used ELSE number END

// name: end_copying
MATCH (m:Meta {name: 'store'}) REMOVE m.copying
