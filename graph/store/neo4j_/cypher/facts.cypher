// What the rules look at. Days come as numbers where there may be many rows.

// name: all_subjects
MATCH (s:Subject) WHERE s.recorded_to IS NULL
RETURN s.id, s.kind, s.name, s.strong ORDER BY s.id

// name: some_subjects
MATCH (s:Subject)
USING INDEX s:Subject(id)
WHERE s.id IN $ids AND s.recorded_to IS NULL
RETURN s.id, s.kind, s.name, s.strong ORDER BY s.id

// name: all_relations
MATCH (a:Mention)-[t:STATED]->(b:Mention)
MATCH (a)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
MATCH (a)-[given:RESOLVED_TO]->(giver:Subject)
MATCH (b)-[taken:RESOLVED_TO]->(taker:Subject)
RETURN t.type, giver.id, taker.id, duration.inDays(date('1970-01-01'), t.since).days,
       duration.inDays(date('1970-01-01'), t.until).days, t.share, r.digest,
       given.strong AND taken.strong

// name: some_relations
MATCH (asked:Subject)
USING INDEX asked:Subject(id)
WHERE asked.id IN $ids
MATCH (asked)<-[:RESOLVED_TO]-(:Mention)-[t:STATED]-(:Mention)
WITH DISTINCT t, startNode(t) AS a, endNode(t) AS b
MATCH (a)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
MATCH (a)-[given:RESOLVED_TO]->(giver:Subject)
MATCH (b)-[taken:RESOLVED_TO]->(taker:Subject)
RETURN t.type, giver.id, taker.id, duration.inDays(date('1970-01-01'), t.since).days,
       duration.inDays(date('1970-01-01'), t.until).days, t.share, r.digest,
       given.strong AND taken.strong

// name: all_versions
MATCH (r:Record)
WHERE r.natural_key IS NOT NULL AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
  }
)
WITH r.natural_key AS natural, collect(r) AS versions WHERE size(versions) > 1
UNWIND versions AS r
OPTIONAL MATCH (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
WITH natural, r, max(b.data_date) AS seen
RETURN r.digest, natural, duration.inDays(date('1970-01-01'), r.version).days,
       duration.inDays(date('1970-01-01'), seen).days

// name: all_series
MATCH (r:Record)
WHERE r.series IS NOT NULL AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
  }
)
RETURN r.digest, r.series, duration.inDays(date('1970-01-01'), r.version).days

// name: some_siblings
// Versions of the same row, and rows of the same series, in one reading.
CALL () {
  MATCH (asked:Record)
  USING INDEX asked:Record(digest)
  WHERE asked.digest IN $digests AND asked.natural_key IS NOT NULL
  WITH DISTINCT asked.natural_key AS key
  MATCH (r:Record {natural_key: key})
  USING INDEX r:Record(natural_key)
  WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
  }
  OPTIONAL MATCH (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
  RETURN 'versions' AS what, r, key, max(b.data_date) AS seen
UNION ALL
  MATCH (asked:Record)
  USING INDEX asked:Record(digest)
  WHERE asked.digest IN $digests AND asked.series IS NOT NULL
  WITH DISTINCT asked.series AS key
  MATCH (r:Record {series: key})
  USING INDEX r:Record(series)
  WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
  }
  RETURN 'series' AS what, r, key, NULL AS seen
}
RETURN what, r.digest, key, duration.inDays(date('1970-01-01'), r.version).days,
       duration.inDays(date('1970-01-01'), seen).days

// name: full_files
MATCH (b:Batch)-[:FROM]->(s:Source {delivery: 'full'})
WHERE b.number <= $newest AND NOT b.number IN $bad
RETURN s.name, duration.inDays(date('1970-01-01'), b.data_date).days, b.number,
       coalesce(b.wholes, [])

// name: all_last_seen
MATCH (r:Record)-[:SEEN_IN]->(b:Batch) WHERE b.number IN $full
WITH r, max(b.data_date) AS seen, collect(DISTINCT b.number) AS files
WHERE duration.inDays(date('1970-01-01'), seen).days < $latest[r.source]
RETURN r.digest, r.source, r.whole, files

// name: some_last_seen
MATCH (r:Record)-[:SEEN_IN]->(b:Batch)
USING INDEX r:Record(digest)
WHERE r.digest IN $digests AND b.number IN $full
WITH r, max(b.data_date) AS seen, collect(DISTINCT b.number) AS files
WHERE duration.inDays(date('1970-01-01'), seen).days < $latest[r.source]
RETURN r.digest, r.source, r.whole, files

// name: all_listings
MATCH (l:Listing) WHERE $kinds IS NULL OR l.kind IN $kinds
MATCH (l)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (l)-[:ABOUT]->(m:Mention)
MATCH (m)-[t:RESOLVED_TO]->(s:Subject)
RETURN l.record, r.digest, r.natural_key, l.kind, s.id, l.authority, l.decision_number, l.case_key,
       l.violation_date, l.decision_date, l.since, l.until, l.scope, l.named, l.facts, l.events,
       m.name, t.strong

// name: some_listings
MATCH (asked:Subject)
USING INDEX asked:Subject(id)
WHERE asked.id IN $ids
MATCH (asked)<-[:RESOLVED_TO]-(:Mention)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
WITH DISTINCT r
MATCH (l:Listing)-[:STATED_IN]->(r) WHERE $kinds IS NULL OR l.kind IN $kinds
MATCH (l)-[:ABOUT]->(m:Mention)
MATCH (m)-[t:RESOLVED_TO]->(s:Subject)
RETURN l.record, r.digest, r.natural_key, l.kind, s.id, l.authority, l.decision_number, l.case_key,
       l.violation_date, l.decision_date, l.since, l.until, l.scope, l.named, l.facts, l.events,
       m.name, t.strong

// name: listing_parties
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
MATCH (r)<-[:STATED_IN]-(:Listing)-[:ABOUT]->(:Mention)-[:RESOLVED_TO]->(s:Subject)
RETURN DISTINCT s.id

// name: stated_listings
MATCH (r:Record)<-[:STATED_IN]-(l:Listing)
USING INDEX r:Record(digest)
WHERE r.digest IN $digests
RETURN r.natural_key, r.digest, l.events

// name: all_events
MATCH (e:CaseEvent)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (e)-[:ABOUT]->(m:Mention)
OPTIONAL MATCH (m)-[:RESOLVED_TO]->(s:Subject)
RETURN e.case_key, e.status, e.happened, r.digest, s.id, m.name, e.authority, e.decision_number,
       e.position

// name: some_events
MATCH (e:CaseEvent)
USING INDEX e:CaseEvent(case_key)
WHERE e.case_key IN $cases
MATCH (e)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (e)-[:ABOUT]->(m:Mention)
OPTIONAL MATCH (m)-[:RESOLVED_TO]->(s:Subject)
RETURN e.case_key, e.status, e.happened, r.digest, s.id, m.name, e.authority, e.decision_number,
       e.position

// name: decided_parties
MATCH (l:Listing)
USING INDEX l:Listing(case_key)
WHERE l.case_key IN $cases
MATCH (l)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (l)-[:ABOUT]->(m:Mention)
OPTIONAL MATCH (m)-[:RESOLVED_TO]->(s:Subject)
RETURN l.case_key, s.id, m.name

// name: subject_by_mention
UNWIND $rows AS key
MATCH (known:Mention {key: key})-[t:RESOLVED_TO]->(s:Subject)
USING INDEX known:Mention(key)
RETURN key, s.id, t.strong

// name: all_bids
MATCH (o:Bid)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (o)-[:BY]->(:Mention)-[t:RESOLVED_TO]->(s:Subject)
RETURN r.digest, o.project, o.lot, s.id, duration.inDays(date('1970-01-01'), o.opened).days,
       t.strong

// name: some_bids
MATCH (asked:Subject)
USING INDEX asked:Subject(id)
WHERE asked.id IN $ids
MATCH (asked)<-[:RESOLVED_TO]-(:Mention)<-[:BY]-(own:Bid)
WITH DISTINCT own.project AS project
MATCH (o:Bid {project: project})-[:STATED_IN]->(r:Record)
USING INDEX o:Bid(project)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (o)-[:BY]->(:Mention)-[t:RESOLVED_TO]->(s:Subject)
RETURN r.digest, o.project, o.lot, s.id, duration.inDays(date('1970-01-01'), o.opened).days,
       t.strong

// name: ties
// The first column tells whether the relations drawn are those of the moment asked for.
OPTIONAL MATCH (m:Meta {name: 'store', drawn_through: $changes})
CALL (m) {
  WITH m WHERE m IS NOT NULL
  UNWIND $ids AS id
  MATCH (s:Subject {id: id})
  USING INDEX s:Subject(id)
  MATCH (s)-[t:LEGAL_REPRESENTATIVE|PERSON_IN_CHARGE|OPERATOR|EXECUTIVE_PARTNER|CHAIR|DIRECTOR
    |SUPERVISOR|SENIOR_MANAGER|SHAREHOLDER|CONTROLLER|BRANCH_OF|SUCCESSOR_OF|GUARANTOR
    |PROFESSIONAL_AT|FINANCE_OFFICER|CONTACT|AGENT|SHARES_PHONE|SHARES_ADDRESS|RELATIVE]-(other)
  WHERE (t.since IS NULL OR t.since <= $on) AND (t.until IS NULL OR t.until > $on)
    AND ($types IS NULL OR type(t) IN $types) AND (t.strong OR NOT $sure)
    AND (NOT $between OR other.id IN $ids)
  WITH DISTINCT t, startNode(t).id AS source, endNode(t).id AS target
  ORDER BY toLower(type(t)), source, target, coalesce(toString(t.since), ''),
    coalesce(toString(t.until), ''), coalesce(t.share, -1.0) LIMIT $most
  RETURN collect([t, source, target]) AS ties
}
UNWIND CASE WHEN ties = [] THEN [[NULL, NULL, NULL]] ELSE ties END AS tie
WITH m, tie[0] AS t, tie[1] AS source, tie[2] AS target
RETURN m IS NOT NULL, type(t), source, target,
       duration.inDays(date('1970-01-01'), t.since).days,
       duration.inDays(date('1970-01-01'), t.until).days, t.share, t.records,
       coalesce(t.unsure, [])
