// Findings, look-ups and counts.

// name: clear_staged
MATCH (f:Staged) WITH f LIMIT $most DETACH DELETE f RETURN count(*)

// name: current_findings
MATCH (f:Finding) WHERE f.recorded_to IS NULL RETURN f.id, f.body ORDER BY f.id

// name: current_finding_ids
MATCH (f:Finding) WHERE f.recorded_to IS NULL RETURN f.id

// name: finding
MATCH (f:Finding {id: $id})
USING INDEX f:Finding(id)
RETURN f.body, f.recorded_from, f.recorded_to
ORDER BY f.recorded_to IS NOT NULL, f.recorded_from DESC, f.recorded_to DESC LIMIT 1

// name: finding_ids_of
MATCH (f:Finding)
USING INDEX f:Finding(subject)
WHERE f.subject IN $ids AND f.recorded_to IS NULL RETURN f.id

// name: findings_of
MATCH (f:Finding)
USING INDEX f:Finding(subject)
WHERE f.subject = $subject AND f.recorded_to IS NULL RETURN f.id, f.body ORDER BY f.id

// name: affected
MATCH (a:Affected) RETURN a.id

// name: last_told
MATCH (m:Meta {name: 'store'}) RETURN m.told

// name: stage_findings
UNWIND $rows AS row
CREATE (f:Staged {id: row[0], rule: row[1], kind: row[2], suspected: row[3], measure: row[4],
  since: row[5], until: row[6], body: row[7], subject: row[8], appeared: row[10]})
WITH f, row
OPTIONAL MATCH (s:Subject {id: row[8]})
USING INDEX s:Subject(id)
FOREACH (each IN CASE WHEN s IS NULL THEN [] ELSE [s] END | CREATE (f)-[:REACHES]->(each))
WITH f, row
UNWIND row[9] AS digest
MATCH (r:Record {digest: digest})
USING INDEX r:Record(digest)
CREATE (f)-[:RESTS_ON]->(r)

// name: close_findings
UNWIND $rows AS row
MATCH (f:Finding {id: row[0]})
USING INDEX f:Finding(id)
WHERE f.recorded_to IS NULL SET f.recorded_to = $now, f.retracted = row[1]

// name: publish_findings
MATCH (f:Staged) REMOVE f:Staged SET f:Finding, f.recorded_from = $now

// name: propagated
MATCH (m:Meta {name: 'store'})
SET m.propagated_at = $now, m.findings_ground = $ground, m.told = $told
// What was loaded meanwhile still waits.
SET m.everyone_affected = m.everyone_affected AND m.changes <> $changes,
  m.evidence_changed = m.evidence_changed AND m.changes <> $changes
WITH m
MATCH (a:Affected) DELETE a

// name: changes
CALL () {
  MATCH (f:Finding)
  USING INDEX f:Finding(appeared)
  WHERE f.appeared > $after
  RETURN f.appeared AS cursor, f.recorded_from AS at, 'appeared' AS what, f
  ORDER BY cursor LIMIT $limit
UNION ALL
  MATCH (f:Finding)
  USING INDEX f:Finding(retracted)
  WHERE f.retracted > $after
  RETURN f.retracted AS cursor, f.recorded_to AS at, 'retracted' AS what, f
  ORDER BY cursor LIMIT $limit
}
RETURN cursor, at, what, f.id, f.subject, f.rule, f.kind, f.suspected
ORDER BY cursor LIMIT $limit

// name: subjects_by_keys
MATCH (i:Identifier)<-[:HOLDS]-(s:Subject)
USING INDEX i:Identifier(key)
WHERE i.key IN $keys AND s.recorded_to IS NULL
RETURN DISTINCT s.id AS id, s.kind, s.name, s.strong ORDER BY id

// name: subjects_by_name
MATCH (m:Mention {name_key: $name})-[:RESOLVED_TO]->(s:Subject)
USING INDEX m:Mention(name_key)
RETURN DISTINCT s.id AS id, s.kind, s.name, s.strong ORDER BY id LIMIT $limit

// name: search_reach
// How far down the order of `graph.lookup.search_rank` the best subjects lie, by class of match
// and length; the text itself is compared by the client, as the server orders it otherwise.
CALL () {
  WITH $query AS query WHERE query IS NOT NULL
  CALL db.index.fulltext.queryNodes('subject_names', query) YIELD node
  RETURN node AS s
UNION ALL
  WITH $query AS query WHERE query IS NULL
  MATCH (s:Subject) RETURN s
}
WITH s WHERE s.recorded_to IS NULL
UNWIND s.name_keys AS key
WITH s, key WHERE all(word IN $words WHERE key CONTAINS word)
WITH s, min(CASE WHEN key = $whole THEN 0 WHEN key STARTS WITH $words[0] THEN $span
  ELSE 2 * $span END + size(key)) AS place
WITH place ORDER BY place LIMIT $limit
RETURN coalesce(max(place), -1)

// name: search
CALL () {
  WITH $query AS query WHERE query IS NOT NULL
  CALL db.index.fulltext.queryNodes('subject_names', query) YIELD node
  RETURN node AS s
UNION ALL
  WITH $query AS query WHERE query IS NULL
  MATCH (s:Subject) RETURN s
}
WITH s WHERE s.recorded_to IS NULL
UNWIND s.name_keys AS key
WITH s, key WHERE all(word IN $words WHERE key CONTAINS word)
  AND CASE WHEN key = $whole THEN 0 WHEN key STARTS WITH $words[0] THEN $span
  ELSE 2 * $span END + size(key) <= $reach
RETURN s.id, s.kind, s.name, s.strong, key

// name: subject_by_id
MATCH (s:Subject {id: $id})
USING INDEX s:Subject(id)
WHERE s.recorded_to IS NULL RETURN s.id, s.kind, s.name, s.strong

// name: successors
MATCH (was:Subject {id: $id})<-[:WAS_RESOLVED_TO]-(:Mention)-[:RESOLVED_TO]->(now:Subject)
USING INDEX was:Subject(id)
WHERE now.id <> was.id
RETURN DISTINCT now.id AS id ORDER BY id

// name: members
MATCH (known:Subject {id: $id})<-[t:RESOLVED_TO]-(m:Mention)-[:IN]->(r:Record)
USING INDEX known:Subject(id)
RETURN r.source, r.digest, m.role, m.ordinal, m.kind, m.name, t.strong, m.identifier_types,
       m.identifier_statuses, m.identifier_values

// name: count_records
MATCH (r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
RETURN count(r), sum(count { (r)<-[:IN]-(:Mention) })

// name: count_findings
MATCH (f:Finding) WHERE f.recorded_to IS NULL RETURN count(f)

// name: count_batches
MATCH (b:Batch) WHERE b.state = 'complete' RETURN count(b)

// name: count_refusals
MATCH (f:Refusal)-[:IN]->(b:Batch) WHERE b.state = 'complete'
RETURN EXISTS {
  (f)-[:MENDED_BY]->(r) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
} AS mended, count(*)

// name: count_subjects
MATCH (s:Subject) WHERE s.recorded_to IS NULL
RETURN s.kind AS kind, count(*) ORDER BY kind

// name: volume
MATCH (b:Batch)-[:FROM]->(s:Source) WHERE b.state = 'complete'
RETURN s.name AS name, s.delivery, count(*), max(b.data_date), max(b.loaded_at), sum(b.read),
       sum(b.accepted), sum(b.refused), sum(b.repeated), sum(b.mended)
ORDER BY name

// name: refusals_by_code
MATCH (f:Refusal)-[:IN]->(b:Batch) WHERE b.state = 'complete' AND NOT EXISTS {
  (f)-[:MENDED_BY]->(r) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
RETURN b.source AS source, f.code AS code, count(*) ORDER BY source, code

// name: identifier_health
MATCH (m:Mention)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
UNWIND range(0, size(m.identifier_types) - 1) AS place
RETURN r.source AS source, m.identifier_types[place] AS type,
       m.identifier_statuses[place] AS status, count(*)
ORDER BY source, type, status

// name: codes
MATCH (s:Subject)<-[:RESOLVED_TO]-(m:Mention) WHERE size(m.identifier_keys) > 0
OPTIONAL MATCH (s)-[h:HOLDS]->(i:Identifier) WHERE h.disputed
WITH s, m, collect(i.key) AS disputed
UNWIND range(0, size(m.identifier_types) - 1) AS place
WITH s, m, disputed, place WHERE m.identifier_statuses[place] IN ['valid', 'repaired']
  AND NOT m.identifier_keys[place] IN disputed
RETURN DISTINCT s.id AS subject, m.identifier_types[place] AS type,
       m.identifier_values[place] AS value

// name: clusters
MATCH (r:Record)-[seen:SEEN_IN]->(b:Batch) WHERE b.number <= $newest AND NOT b.number IN $bad
MATCH (m:Mention)-[:IN]->(r)
OPTIONAL MATCH (m)-[:RESOLVED_TO]->(s:Subject)
RETURN b.source, b.file, seen.row, m.role, m.ordinal, r.digest, b.number, s.id,
       CASE WHEN s IS NULL THEN 0 ELSE count { (s)<-[:RESOLVED_TO]-(:Mention) } END
