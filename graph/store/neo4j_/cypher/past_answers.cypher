// Findings, look-ups and counts as they were known. See past_facts.cypher.

// name: view_then
MATCH (m:Meta {name: 'store'})
OPTIONAL MATCH (b:Batch)
WHERE b.state = 'open' OR b.loaded_at > $known_at OR b.withdrawn_at <= $known_at
RETURN m.batches, m.changes, collect(b.number), m.resolved_through

// name: all_subjects_then
MATCH (s:Subject)
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH s, CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN s.id, told.kind, told.name, told.strong ORDER BY s.id

// name: some_subjects_then
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id IN $ids
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH s, CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN s.id, told.kind, told.name, told.strong ORDER BY s.id

// name: subject_by_id_then
MATCH (s:Subject {id: $id})
USING INDEX s:Subject(id)
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH s, CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN s.id, told.kind, told.name, told.strong

// name: subjects_by_keys_then
MATCH (m:Mention) WHERE any(key IN $keys WHERE key IN m.identifier_keys) AND any(
  place IN range(0, size(m.identifier_keys) - 1) WHERE m.identifier_keys[place] IN $keys
  AND m.identifier_statuses[place] IN ['valid', 'repaired']
)
MATCH (m)-[t:RESOLVED_TO|WAS_RESOLVED_TO]->(s:Subject)
WHERE t.recorded_from <= $known_at AND (t.recorded_to IS NULL OR t.recorded_to > $known_at)
WITH DISTINCT s
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH s, CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN s.id, told.kind, told.name, told.strong ORDER BY s.id

// name: subjects_by_name_then
MATCH (m:Mention {name_key: $name})
USING INDEX m:Mention(name_key)
MATCH (m)-[t:RESOLVED_TO|WAS_RESOLVED_TO]->(s:Subject)
WHERE t.recorded_from <= $known_at AND (t.recorded_to IS NULL OR t.recorded_to > $known_at)
WITH DISTINCT s
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH s, CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN s.id, told.kind, told.name, told.strong ORDER BY s.id LIMIT $limit

// name: search_reach_then
RETURN NULL

// name: search_then
MATCH (m:Mention) WHERE all(word IN $words WHERE m.name_key CONTAINS word)
MATCH (m)-[t:RESOLVED_TO|WAS_RESOLVED_TO]->(s:Subject)
WHERE t.recorded_from <= $known_at AND (t.recorded_to IS NULL OR t.recorded_to > $known_at)
WITH DISTINCT s, m.name_key AS key
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH s, key, CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN s.id, told.kind, told.name, told.strong, key

// name: count_subjects_then
MATCH (s:Subject)
OPTIONAL MATCH (s)<-[:DESCRIBED]-(d:Description)
WHERE d.recorded_from <= $known_at AND d.recorded_to > $known_at
WITH CASE WHEN s.recorded_from <= $known_at
  AND (s.recorded_to IS NULL OR s.recorded_to > $known_at) THEN s ELSE d END AS told
WHERE told IS NOT NULL
RETURN told.kind AS kind, count(*) ORDER BY kind

// name: finding_then
MATCH (f:Finding {id: $id})
USING INDEX f:Finding(id)
WHERE f.recorded_from <= $known_at
WITH f, CASE WHEN f.recorded_to <= $known_at THEN f.recorded_to END AS ended
RETURN f.body, f.recorded_from, ended
ORDER BY ended IS NOT NULL, f.recorded_from DESC, ended DESC LIMIT 1

// name: current_findings_then
MATCH (f:Finding)
WHERE f.recorded_from <= $known_at < coalesce(f.recorded_to, '9')
RETURN f.id, f.body ORDER BY f.id

// name: current_finding_ids_then
MATCH (f:Finding)
WHERE f.recorded_from <= $known_at < coalesce(f.recorded_to, '9')
RETURN f.id

// name: finding_ids_of_then
MATCH (f:Finding)
USING INDEX f:Finding(subject)
WHERE f.subject IN $ids AND f.recorded_from <= $known_at < coalesce(f.recorded_to, '9')
RETURN f.id

// name: findings_of_then
MATCH (f:Finding)
USING INDEX f:Finding(subject)
WHERE f.subject = $subject AND f.recorded_from <= $known_at < coalesce(f.recorded_to, '9')
RETURN f.id, f.body ORDER BY f.id

// name: successors_then
MATCH (was:Subject {id: $id})<-[:WAS_RESOLVED_TO]-(:Mention)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(now:Subject)
USING INDEX was:Subject(id)
WHERE now.id <> was.id
RETURN DISTINCT now.id AS id ORDER BY id

// name: members_then
MATCH (known:Subject {id: $id})<-[t:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE t.recorded_from <= $known_at < coalesce(t.recorded_to, '9')]-(m:Mention)-[:IN]->(r:Record)
USING INDEX known:Subject(id)
RETURN r.source, r.digest, m.role, m.ordinal, m.kind, m.name, t.strong, m.identifier_types,
       m.identifier_statuses, m.identifier_values

// name: count_findings_then
MATCH (f:Finding)
WHERE f.recorded_from <= $known_at < coalesce(f.recorded_to, '9') RETURN count(f)

// name: count_batches_then
MATCH (b:Batch) WHERE b.state <> 'open'
  AND b.loaded_at <= $known_at < coalesce(b.withdrawn_at, '9') RETURN count(b)

// name: count_refusals_then
MATCH (f:Refusal)-[:IN]->(b:Batch) WHERE b.state <> 'open'
  AND b.loaded_at <= $known_at < coalesce(b.withdrawn_at, '9')
RETURN EXISTS {
  (f)-[:MENDED_BY]->(r) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
} AS mended, count(*)

// name: volume_then
MATCH (b:Batch)-[:FROM]->(s:Source) WHERE b.state <> 'open'
  AND b.loaded_at <= $known_at < coalesce(b.withdrawn_at, '9')
RETURN s.name AS name, s.delivery, count(*), max(b.data_date), max(b.loaded_at), sum(b.read),
       sum(b.accepted), sum(b.refused), sum(b.repeated), sum(b.mended)
ORDER BY name

// name: refusals_by_code_then
MATCH (f:Refusal)-[:IN]->(b:Batch) WHERE b.state <> 'open'
  AND b.loaded_at <= $known_at < coalesce(b.withdrawn_at, '9') AND NOT EXISTS {
  (f)-[:MENDED_BY]->(r) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
RETURN b.source AS source, f.code AS code, count(*) ORDER BY source, code

// name: codes_then
// Which codes were disputed then is not kept.
MATCH (s:Subject)<-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]-(m:Mention)
UNWIND range(0, size(m.identifier_types) - 1) AS place
WITH s, m, place WHERE m.identifier_statuses[place] IN ['valid', 'repaired']
RETURN DISTINCT s.id AS subject, m.identifier_types[place] AS type,
       m.identifier_values[place] AS value

// name: clusters_then
MATCH (r:Record)-[seen:SEEN_IN]->(b:Batch) WHERE b.number <= $newest AND NOT b.number IN $bad
MATCH (m:Mention)-[:IN]->(r)
OPTIONAL MATCH (m)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN b.source, b.file, seen.row, m.role, m.ordinal, r.digest, b.number, s.id,
       CASE WHEN s IS NULL THEN 0 ELSE count {
         (s)<-[h2:RESOLVED_TO|WAS_RESOLVED_TO
           WHERE h2.recorded_from <= $known_at < coalesce(h2.recorded_to, '9')]-(:Mention)
       } END
