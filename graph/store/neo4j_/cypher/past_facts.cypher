// What was known at $known_at: twins, `_then`, of the statements that read what changes in time. A
// tie, a subject or a finding counts from `recorded_from` until `recorded_to`, a batch from
// `loaded_at` until `withdrawn_at`; where there is no end yet, '9' sorts after every moment.
// They answer audits, not traffic.

// name: all_relations_then
MATCH (a:Mention)-[t:STATED]->(b:Mention)
MATCH (a)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
MATCH (a)-[given:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE given.recorded_from <= $known_at < coalesce(given.recorded_to, '9')]->(giver:Subject)
MATCH (b)-[taken:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE taken.recorded_from <= $known_at < coalesce(taken.recorded_to, '9')]->(taker:Subject)
RETURN t.type, giver.id, taker.id, duration.inDays(date('1970-01-01'), t.since).days,
       duration.inDays(date('1970-01-01'), t.until).days, t.share, r.digest,
       given.strong AND taken.strong

// name: some_relations_then
MATCH (asked:Subject)
USING INDEX asked:Subject(id)
WHERE asked.id IN $ids
MATCH (asked)<-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]-(m:Mention)
MATCH (m)-[t:STATED]-(:Mention)
WITH DISTINCT t, startNode(t) AS a, endNode(t) AS b
MATCH (a)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
MATCH (a)-[given:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE given.recorded_from <= $known_at < coalesce(given.recorded_to, '9')]->(giver:Subject)
MATCH (b)-[taken:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE taken.recorded_from <= $known_at < coalesce(taken.recorded_to, '9')]->(taker:Subject)
RETURN t.type, giver.id, taker.id, duration.inDays(date('1970-01-01'), t.since).days,
       duration.inDays(date('1970-01-01'), t.until).days, t.share, r.digest,
       given.strong AND taken.strong

// name: all_listings_then
MATCH (l:Listing) WHERE $kinds IS NULL OR l.kind IN $kinds
MATCH (l)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (l)-[:ABOUT]->(m:Mention)
MATCH (m)-[t:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE t.recorded_from <= $known_at < coalesce(t.recorded_to, '9')]->(s:Subject)
RETURN l.record, r.digest, r.natural_key, l.kind, s.id, l.authority, l.decision_number, l.case_key,
       l.violation_date, l.decision_date, l.since, l.until, l.scope, l.named, l.facts, l.events,
       m.name, t.strong

// name: some_listings_then
MATCH (asked:Subject)
USING INDEX asked:Subject(id)
WHERE asked.id IN $ids
MATCH (asked)<-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]-(:Mention)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
WITH DISTINCT r
MATCH (l:Listing)-[:STATED_IN]->(r) WHERE $kinds IS NULL OR l.kind IN $kinds
MATCH (l)-[:ABOUT]->(m:Mention)
MATCH (m)-[t:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE t.recorded_from <= $known_at < coalesce(t.recorded_to, '9')]->(s:Subject)
RETURN l.record, r.digest, r.natural_key, l.kind, s.id, l.authority, l.decision_number, l.case_key,
       l.violation_date, l.decision_date, l.since, l.until, l.scope, l.named, l.facts, l.events,
       m.name, t.strong

// name: listing_parties_then
// A listing's id begins like its row's natural key, or like the row's own digest.
CALL () {
  MATCH (r:Record)
  USING INDEX r:Record(digest)
  WHERE r.digest STARTS WITH $prefix
  RETURN r
UNION
  MATCH (r:Record)
  USING INDEX r:Record(natural_key)
  WHERE r.natural_key STARTS WITH $prefix
  RETURN r
}
MATCH (r)<-[:STATED_IN]-(:Listing)-[:ABOUT]->(:Mention)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN DISTINCT s.id

// name: all_events_then
MATCH (e:CaseEvent)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (e)-[:ABOUT]->(m:Mention)
OPTIONAL MATCH (m)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN e.case_key, e.status, e.happened, r.digest, s.id, m.name, e.authority, e.decision_number,
       e.position

// name: some_events_then
MATCH (e:CaseEvent)
USING INDEX e:CaseEvent(case_key)
WHERE e.case_key IN $cases
MATCH (e)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (e)-[:ABOUT]->(m:Mention)
OPTIONAL MATCH (m)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN e.case_key, e.status, e.happened, r.digest, s.id, m.name, e.authority, e.decision_number,
       e.position

// name: decided_parties_then
MATCH (l:Listing)
USING INDEX l:Listing(case_key)
WHERE l.case_key IN $cases
MATCH (l)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (l)-[:ABOUT]->(m:Mention)
OPTIONAL MATCH (m)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN l.case_key, s.id, m.name

// name: subject_by_mention_then
UNWIND $rows AS key
MATCH (known:Mention {key: key})-[t:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE t.recorded_from <= $known_at < coalesce(t.recorded_to, '9')]->(s:Subject)
USING INDEX known:Mention(key)
RETURN key, s.id, t.strong

// name: all_bids_then
MATCH (o:Bid)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (o)-[:BY]->(:Mention)-[t:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE t.recorded_from <= $known_at < coalesce(t.recorded_to, '9')]->(s:Subject)
RETURN r.digest, o.project, o.lot, s.id, duration.inDays(date('1970-01-01'), o.opened).days,
       t.strong

// name: some_bids_then
MATCH (asked:Subject)
USING INDEX asked:Subject(id)
WHERE asked.id IN $ids
MATCH (asked)<-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]-(:Mention)<-[:BY]-(own:Bid)
WITH DISTINCT own.project AS project
MATCH (o:Bid {project: project})-[:STATED_IN]->(r:Record)
USING INDEX o:Bid(project)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (o)-[:BY]->(:Mention)-[t:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE t.recorded_from <= $known_at < coalesce(t.recorded_to, '9')]->(s:Subject)
RETURN r.digest, o.project, o.lot, s.id, duration.inDays(date('1970-01-01'), o.opened).days,
       t.strong
