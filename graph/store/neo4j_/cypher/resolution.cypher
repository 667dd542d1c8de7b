// Every look-up by key names its index: planned while the graph is empty, a scan would seem cheaper.
// Mentions out, partition in. A membership is a relation, history another; subjects that ended
// keep their node without the label of their kind.

// A record waits when it was not counted at the last resolve, or is not any more; when it stands
// among several versions, as the day of its file may decide between them; and when a judgement,
// its undo or their confirmation speaks of it.

// name: waiting
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
RETURN count(r)

// name: waits
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
RETURN true LIMIT 1

// name: waiting_keys
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
MATCH (m:Mention)-[:IN]->(r)
RETURN m.key

// name: waiting_mentions
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
WITH r
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (m:Mention)-[:IN]->(r)
RETURN m.key, r.digest, m.role, m.ordinal, m.kind, m.name,
       duration.inDays(date('1970-01-01'), r.version).days, r.source

// name: changed_records
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
CALL (r) {
  RETURN r.digest AS digest
UNION
  MATCH (o:Record {natural_key: r.natural_key})
  USING INDEX o:Record(natural_key)
  RETURN o.digest AS digest
UNION
  MATCH (o:Record {series: r.series})
  USING INDEX o:Record(series)
  RETURN o.digest AS digest
}
RETURN DISTINCT digest

// name: any_subject
MATCH (s:Subject) RETURN s.id LIMIT 1

// name: subjects_of_keys
UNWIND $rows AS key
MATCH (known:Identifier {key: key})<-[:HOLDS]-(s:Subject)
USING INDEX known:Identifier(key)
RETURN DISTINCT s.id

// name: subjects_of_mentions
UNWIND $rows AS key
MATCH (known:Mention {key: key})-[:RESOLVED_TO]->(s:Subject)
USING INDEX known:Mention(key)
RETURN DISTINCT s.id

// name: subjects_of_traces
UNWIND $rows AS key
MATCH (known:Trace {key: key})<-[:TRACED_BY]-(s:Subject)
USING INDEX known:Trace(key)
RETURN DISTINCT s.id

// name: subjects_judged_with
UNWIND $rows AS key
MATCH (known:Mention {key: key})<-[:ONE|OTHER]-(:JudgedPair)-[:ONE|OTHER]->(m:Mention)
USING INDEX known:Mention(key)
MATCH (m)-[:RESOLVED_TO]->(s:Subject)
RETURN DISTINCT s.id

// name: neighbours
// Who shares a code or a trace, who holds a post or a share in a body, who is judged together, in force or
// not: a wider scope does no harm.
UNWIND $rows AS id
MATCH (known:Subject {id: id})
USING INDEX known:Subject(id)
CALL (known) {
  MATCH (known)-[:HOLDS]->(:Identifier)<-[:HOLDS]-(s:Subject) RETURN s
UNION
  MATCH (known)-[:TRACED_BY]->(:Trace)<-[:TRACED_BY]-(s:Subject) RETURN s
UNION
  MATCH (known)<-[:RESOLVED_TO]-(:Mention)<-[t:STATED]-(p:Mention)-[:RESOLVED_TO]->(s:Subject)
  WHERE t.type IN $holders AND p.kind = 'person' RETURN s
UNION
  MATCH (known)<-[:RESOLVED_TO]-(:Mention)<-[:ONE|OTHER]-(:JudgedPair)-[:ONE|OTHER]->(m:Mention)
  MATCH (m)-[:RESOLVED_TO]->(s:Subject) RETURN s
}
RETURN DISTINCT s.id

// name: mentions_of_subjects
UNWIND $rows AS id
MATCH (m:Mention)-[:RESOLVED_TO]->(known:Subject {id: id})
USING INDEX known:Subject(id)
RETURN m.key

// name: all_mentions
MATCH (m:Mention)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
RETURN m.key, r.digest, m.role, m.ordinal, m.kind, m.name,
       duration.inDays(date('1970-01-01'), r.version).days, r.source

// name: some_mentions
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[:IN]->(r:Record)
USING INDEX m:Mention(key)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
RETURN m.key, r.digest, m.role, m.ordinal, m.kind, m.name,
       duration.inDays(date('1970-01-01'), r.version).days, r.source

// name: all_identifiers
MATCH (m:Mention)-[:IN]->(r:Record)
WHERE size(m.identifier_keys) > 0 AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
  }
)
RETURN m.key, m.identifier_types, m.identifier_statuses, m.identifier_values, m.identifier_keys

// name: some_identifiers
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[:IN]->(r:Record)
USING INDEX m:Mention(key)
WHERE size(m.identifier_keys) > 0 AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
  }
)
RETURN m.key, m.identifier_types, m.identifier_statuses, m.identifier_values, m.identifier_keys

// name: all_posts
MATCH (m:Mention)-[t:STATED]->(b:Mention) WHERE t.type IN $holders
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
OPTIONAL MATCH (b)-[:RESOLVED_TO]->(s:Subject)
RETURN m.key, b.key, s.id, t.type

// name: some_posts
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[t:STATED]->(b:Mention)
USING INDEX m:Mention(key)
WHERE t.type IN $holders
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
OPTIONAL MATCH (b)-[:RESOLVED_TO]->(s:Subject)
RETURN m.key, b.key, s.id, t.type

// name: all_heads
MATCH (p:Mention)-[t:STATED]->(m:Mention) WHERE t.type IN $heads AND p.name <> ''
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
RETURN m.key, 'representative', p.name

// name: some_heads
UNWIND $rows AS key
MATCH (p:Mention)-[t:STATED]->(m:Mention {key: key})
USING INDEX m:Mention(key)
WHERE t.type IN $heads AND p.name <> ''
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
RETURN m.key, 'representative', p.name

// name: all_owners
MATCH (p:Mention)-[t:STATED]->(m:Mention)
WHERE t.type IN $owners AND p.kind <> 'person' AND p.name <> ''
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
RETURN m.key, 'owner', p.name

// name: some_owners
UNWIND $rows AS key
MATCH (p:Mention)-[t:STATED]->(m:Mention {key: key})
USING INDEX m:Mention(key)
WHERE t.type IN $owners AND p.kind <> 'person' AND p.name <> ''
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
RETURN m.key, 'owner', p.name

// name: all_told
MATCH (m:Mention)-[:IN]->(r:Record)
WHERE (m.phone IS NOT NULL OR m.address IS NOT NULL OR m.founded IS NOT NULL) AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
  }
)
UNWIND [['phone', m.phone], ['address', m.address], ['founded', m.founded]] AS trait
WITH m, trait WHERE trait[1] IS NOT NULL
RETURN m.key, trait[0], trait[1]

// name: some_told
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[:IN]->(r:Record)
USING INDEX m:Mention(key)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
UNWIND [['phone', m.phone], ['address', m.address], ['founded', m.founded]] AS trait
WITH m, trait WHERE trait[1] IS NOT NULL
RETURN m.key, trait[0], trait[1]

// name: meeting
UNWIND $rows AS key
MATCH (known:Meeting {key: key})<-[t:MET_BY]-(s:Subject)
USING INDEX known:Meeting(key)
WHERE $known OR NOT t.known
WITH DISTINCT s
MATCH (m:Mention)-[:RESOLVED_TO]->(s) WHERE m.kind <> 'person' AND m.name <> ''
RETURN m.key

// name: all_incomplete
MATCH (m:Mention)-[:IN]->(r:Record)
WHERE any(status IN m.identifier_statuses WHERE NOT status IN ['valid', 'repaired']) AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
  }
)
RETURN m.key

// name: some_incomplete
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[:IN]->(r:Record)
USING INDEX m:Mention(key)
WHERE any(status IN m.identifier_statuses WHERE NOT status IN ['valid', 'repaired']) AND (
  r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
    (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
  }
)
RETURN m.key

// name: shown
UNWIND $rows AS key
MATCH (m:Mention {key: key})
USING INDEX m:Mention(key)
RETURN m.key, m.identifier_types, m.identifier_statuses, m.identifier_values

// name: registers
MATCH (s:Source) RETURN s.name, s.register

// name: all_memberships
MATCH (m:Mention)-[t:RESOLVED_TO]->(s:Subject) RETURN m.key, s.id, t.strong

// name: some_memberships
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[t:RESOLVED_TO]->(s:Subject)
USING INDEX m:Mention(key)
RETURN m.key, s.id, t.strong

// name: all_described
MATCH (s:Subject) RETURN s.id, s.kind, s.name, s.strong, s.recorded_to IS NULL

// name: some_described
UNWIND $rows AS id
MATCH (s:Subject {id: id})
USING INDEX s:Subject(id)
RETURN s.id, s.kind, s.name, s.strong, s.recorded_to IS NULL

// name: all_held
MATCH (s:Subject)-[h:HOLDS]->(i:Identifier) RETURN s.id, i.type, i.key, h.disputed

// name: some_held
UNWIND $rows AS id
MATCH (s:Subject {id: id})-[h:HOLDS]->(i:Identifier)
USING INDEX s:Subject(id)
RETURN s.id, i.type, i.key, h.disputed

// name: add_subjects
UNWIND $rows AS row
MERGE (s:Subject {id: row[0]})
ON CREATE SET s.kind = row[1], s.name = row[2], s.strong = row[3], s.recorded_from = $now,
  s:$(row[4])

// name: change_subjects
UNWIND $rows AS row
MATCH (s:Subject {id: row[0]})
USING INDEX s:Subject(id)
FOREACH (was IN CASE WHEN s.recorded_from <> $now THEN [s] ELSE [] END |
  CREATE (:Description {kind: was.kind, name: was.name, strong: was.strong,
    recorded_from: was.recorded_from, recorded_to: coalesce(was.recorded_to, $now)})
    -[:DESCRIBED]->(was))
REMOVE s:$([l IN labels(s) WHERE l <> 'Subject'])
SET s.kind = row[1], s.name = row[2], s.strong = row[3], s.recorded_from = $now,
  s.recorded_to = NULL, s:$(row[4])

// name: join
UNWIND $rows AS row
MATCH (m:Mention {key: row[0]})
USING INDEX m:Mention(key)
MATCH (s:Subject {id: row[1]})
USING INDEX s:Subject(id)
MERGE (m)-[t:RESOLVED_TO]->(s) ON CREATE SET t.strong = row[2], t.recorded_from = $now

// name: leave
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[t:RESOLVED_TO]->(s:Subject)
USING INDEX m:Mention(key)
MERGE (m)-[was:WAS_RESOLVED_TO {recorded_from: t.recorded_from}]->(s)
SET was.recorded_to = $now, was.strong = t.strong
DELETE t

// name: end_subjects
UNWIND $rows AS id
MATCH (s:Subject {id: id})
USING INDEX s:Subject(id)
WHERE s.recorded_to IS NULL AND NOT EXISTS { (s)<-[:RESOLVED_TO]-(:Mention) }
REMOVE s:$([l IN labels(s) WHERE l <> 'Subject'])
SET s.recorded_to = $now

// name: hold_keys
UNWIND $rows AS row
MATCH (s:Subject {id: row[0]})
USING INDEX s:Subject(id)
MERGE (i:Identifier {key: row[2]}) ON CREATE SET i.type = row[1]
MERGE (s)-[h:HOLDS]->(i) SET h.disputed = row[3]

// name: drop_keys
UNWIND $rows AS row
MATCH (known:Subject {id: row[0]})-[h:HOLDS]->(:Identifier {key: row[1]})
USING INDEX known:Subject(id)
DELETE h

// name: all_traced
MATCH (s:Subject)-[:TRACED_BY]->(x:Trace) RETURN s.id, x.key

// name: some_traced
UNWIND $rows AS id
MATCH (s:Subject {id: id})-[:TRACED_BY]->(x:Trace)
USING INDEX s:Subject(id)
RETURN s.id, x.key

// name: put_traces
UNWIND $rows AS row
MATCH (s:Subject {id: row[0]})
USING INDEX s:Subject(id)
MERGE (x:Trace {key: row[1]})
MERGE (s)-[:TRACED_BY]->(x)

// name: drop_traces
UNWIND $rows AS row
MATCH (known:Subject {id: row[0]})-[t:TRACED_BY]->(:Trace {key: row[1]})
USING INDEX known:Subject(id)
DELETE t

// name: all_met
MATCH (s:Subject)-[t:MET_BY]->(x:Meeting) RETURN s.id, x.key, t.known

// name: some_met
UNWIND $rows AS id
MATCH (s:Subject {id: id})-[t:MET_BY]->(x:Meeting)
USING INDEX s:Subject(id)
RETURN s.id, x.key, t.known

// name: put_meetings
UNWIND $rows AS row
MATCH (s:Subject {id: row[0]})
USING INDEX s:Subject(id)
MERGE (x:Meeting {key: row[1]})
MERGE (s)-[t:MET_BY]->(x) SET t.known = row[2]

// name: drop_meetings
UNWIND $rows AS row
MATCH (known:Subject {id: row[0]})-[t:MET_BY]->(:Meeting {key: row[1]})
USING INDEX known:Subject(id)
DELETE t

// name: all_reviews
MATCH (v:Review) WHERE v.recorded_to IS NULL
RETURN v.subject, v.other, v.reason, v.type, v.key

// name: reviews_of
MATCH (v:Review) WHERE v.recorded_to IS NULL AND (v.subject IN $ids OR v.other IN $ids)
RETURN v.subject, v.other, v.reason, v.type, v.key

// name: close_reviews
UNWIND $rows AS row
MATCH (v:Review {subject: row[0], other: row[1], reason: row[2], type: row[3], key: row[4]})
USING INDEX v:Review(subject)
WHERE v.recorded_to IS NULL
SET v.recorded_to = $now

// name: open_reviews
UNWIND $rows AS row
CREATE (v:Review {subject: row[0], other: row[1], reason: row[2], type: row[3], key: row[4],
  recorded_from: $now})
WITH v, row
MATCH (s:Subject) WHERE s.id IN [row[0], row[1]]
CREATE (v)-[:BETWEEN]->(s)

// name: affect
// Whose findings may change: whoever is mentioned in a record that changed, has the name an event
// tells, or bids beside; and whoever was looked at again.
CALL () {
  UNWIND $records AS digest
  MATCH (r:Record {digest: digest})
  USING INDEX r:Record(digest)
  CALL (r) {
    MATCH (r)<-[:IN]-(:Mention)-[:RESOLVED_TO]->(s:Subject) RETURN s.id AS id
  UNION
    MATCH (r)<-[:STATED_IN]-(:CaseEvent)-[:ABOUT]->(m:Mention) WHERE m.name <> ''
    MATCH (known:Mention {name_key: m.name_key})-[:RESOLVED_TO]->(s:Subject)
    USING INDEX known:Mention(name_key)
    RETURN s.id AS id
  UNION
    MATCH (r)<-[:STATED_IN]-(own:Bid)
    MATCH (o:Bid {project: own.project})-[:BY]->(:Mention)-[:RESOLVED_TO]->(s:Subject)
    USING INDEX o:Bid(project)
    RETURN s.id AS id
  }
  RETURN id
UNION
  UNWIND $mentions AS key
  MATCH (m:Mention {key: key})-[:RESOLVED_TO]->(s:Subject)
  USING INDEX m:Mention(key)
  RETURN s.id AS id
}
WITH DISTINCT id
MERGE (:Affected {id: id})

// name: affect_everyone
MATCH (m:Meta {name: 'store'}) SET m.everyone_affected = true

// name: resolved
MATCH (m:Meta {name: 'store'})
SET m.resolved_through = $through, m.resolved_at = $now
