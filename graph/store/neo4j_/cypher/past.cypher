// What was known at a moment, where the statements of now cannot be asked for it: how subjects were
// described then, which codes and names they held. See past.py. It answers audits, not traffic.

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
