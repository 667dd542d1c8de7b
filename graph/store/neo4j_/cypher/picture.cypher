// What people browse, derived from evidence and partition.

// name: drawn_through
MATCH (m:Meta {name: 'store'}) RETURN coalesce(m.drawn_through, 0)

// name: put_drawn
MATCH (m:Meta {name: 'store'}) SET m.drawn_through = $through

// name: full_files_changed
MATCH (b:Batch)-[:FROM]->(:Source {delivery: 'full'})
WHERE $through < b.changed <= $changes
RETURN count(b) > 0

// name: subjects_of_siblings
MATCH (b:Batch) WHERE $through < b.changed <= $changes
MATCH (r:Record)-[:SEEN_IN]->(b) WHERE r.natural_key IS NOT NULL OR r.series IS NOT NULL
WITH DISTINCT r
CALL (r) {
  MATCH (known:Record {natural_key: r.natural_key})
  USING INDEX known:Record(natural_key)
  RETURN known
UNION
  MATCH (known:Record {series: r.series})
  USING INDEX known:Record(series)
  RETURN known
}
WITH DISTINCT known
MATCH (known)<-[:IN]-(:Mention)-[:RESOLVED_TO]->(s:Subject)
RETURN DISTINCT s.id

// name: subject_ids
MATCH (s:Subject) RETURN s.id

// name: all_drawn
MATCH (a:Subject)-[t]->(b:Subject)
RETURN type(t), a.id, b.id, t.since, t.until, t.share, t.records, t.strong,
       coalesce(t.unsure, []), elementId(t)

// name: some_drawn
UNWIND $rows AS id
MATCH (known:Subject {id: id})-[t:LEGAL_REPRESENTATIVE|PERSON_IN_CHARGE|OPERATOR|EXECUTIVE_PARTNER|CHAIR|DIRECTOR
    |SUPERVISOR|SENIOR_MANAGER|SHAREHOLDER|CONTROLLER|BRANCH_OF|SUCCESSOR_OF|GUARANTOR
    |PROFESSIONAL_AT|FINANCE_OFFICER|CONTACT|AGENT|SHARES_PHONE|SHARES_ADDRESS|RELATIVE]-()
USING INDEX known:Subject(id)
WITH DISTINCT t, startNode(t) AS a, endNode(t) AS b
RETURN type(t), a.id, b.id, t.since, t.until, t.share, t.records, t.strong,
       coalesce(t.unsure, []), elementId(t)

// name: erase_relations
UNWIND $rows AS row
MATCH (a:Subject {id: row[0]})-[t]->()
USING INDEX a:Subject(id)
WHERE elementId(t) = row[1]
DELETE t

// name: draw_relations
UNWIND $rows AS row
MATCH (a:Subject {id: row[1]})
USING INDEX a:Subject(id)
MATCH (b:Subject {id: row[2]})
USING INDEX b:Subject(id)
CREATE (a)-[t:$(row[0])]->(b)
SET t.since = row[3], t.until = row[4], t.share = row[5], t.records = row[6], t.strong = row[7],
  t.unsure = row[8]

// name: all_against
MATCH (l:Listing)-[:AGAINST]->(s:Subject) RETURN l.record, s.id

// name: some_against
UNWIND $rows AS id
MATCH (l:Listing)-[:AGAINST]->(known:Subject {id: id})
USING INDEX known:Subject(id)
RETURN l.record, id

// name: all_parties
MATCH (l:Listing)-[:ABOUT]->(:Mention)-[:RESOLVED_TO]->(s:Subject)
MATCH (l)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
RETURN l.record, s.id, r.digest

// name: some_parties
UNWIND $rows AS id
MATCH (l:Listing)-[:ABOUT]->(:Mention)-[:RESOLVED_TO]->(s:Subject {id: id})
USING INDEX s:Subject(id)
MATCH (l)-[:STATED_IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
RETURN l.record, s.id, r.digest

// name: draw_against
UNWIND $rows AS row
MATCH (l:Listing {record: row[0]})
USING INDEX l:Listing(record)
MATCH (s:Subject {id: row[1]})
USING INDEX s:Subject(id)
MERGE (l)-[:AGAINST]->(s)

// name: erase_against
UNWIND $rows AS row
MATCH (known:Listing {record: row[0]})-[t:AGAINST]->(:Subject {id: row[1]})
USING INDEX known:Listing(record)
DELETE t

// name: draw_names
UNWIND $rows AS id
MATCH (s:Subject {id: id})
USING INDEX s:Subject(id)
OPTIONAL MATCH (s)<-[:RESOLVED_TO]-(m:Mention) WHERE m.name <> ''
WITH DISTINCT s, m.name AS name, m.name_key AS key ORDER BY name
WITH s, collect(name) AS names, collect(DISTINCT key) AS keys
WHERE s.names IS NULL OR s.names <> names
SET s.names = names, s.name_keys = keys

// name: draw_codes
UNWIND $rows AS id
MATCH (s:Subject {id: id})-[:HOLDS]->(i:Identifier)
USING INDEX s:Subject(id)
WHERE i.value IS NULL AND NOT i.type IN $personal
MATCH (s)<-[:RESOLVED_TO]-(m:Mention) WHERE i.key IN m.identifier_keys
WITH i, m, [place IN range(0, size(m.identifier_keys) - 1)
  WHERE m.identifier_keys[place] = i.key][0] AS place
WHERE NOT m.identifier_values[place] STARTS WITH 'sealed:'
SET i.value = m.identifier_values[place]
