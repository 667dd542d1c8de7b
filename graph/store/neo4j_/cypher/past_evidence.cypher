// Evidence, judgements and questions as they were known. See past_facts.cypher.

// name: batches_then
MATCH (b:Batch) WHERE b.state <> 'open' AND b.loaded_at <= $known_at
RETURN b.uid, b.source, b.file, b.data_date, b.loaded_at,
       CASE WHEN b.withdrawn_at <= $known_at THEN b.withdrawn_at END,
       b.read, b.accepted, b.refused, b.repeated, b.mended
ORDER BY b.number

// name: refused_then
MATCH (b:Batch) WHERE b.state <> 'open'
  AND b.loaded_at <= $known_at < coalesce(b.withdrawn_at, '9') AND ($uid IS NULL OR b.uid = $uid)
MATCH (f:Refusal)-[:IN]->(b)
WHERE NOT EXISTS {
  (f)-[:MENDED_BY]->(r) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
MATCH (sheet:Sheet {id: toString(b.number) + ':' + toString(f.sheet)})
RETURN b.source, b.file, b.number, f.sheet, f.row, b.uid, sheet.name, f.code, f.facts,
       sheet.header, f.cells

// name: record_then
MATCH (r:Record {digest: $digest})
USING INDEX r:Record(digest)
WHERE EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' AND b.loaded_at <= $known_at }
RETURN r.key, r.source, EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open'
    AND b.loaded_at <= $known_at < coalesce(b.withdrawn_at, '9')
}

// name: sightings_then
MATCH (r:Record {digest: $digest})-[seen:SEEN_IN]->(b:Batch)
USING INDEX r:Record(digest)
WHERE b.state <> 'open' AND b.loaded_at <= $known_at
RETURN b.uid, b.file, seen.row,
       CASE WHEN b.withdrawn_at <= $known_at THEN b.withdrawn_at END

// name: mention_key_then
MATCH (r:Record {digest: $digest})<-[:IN]-(m:Mention {role: $role, ordinal: $ordinal})
USING INDEX r:Record(digest)
WHERE EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' AND b.loaded_at <= $known_at }
RETURN m.key

// name: ledger_then
MATCH (j:Judgement WHERE j.at <= $known_at)
RETURN j.sequence, j.uid, j.action, j.by, j.at, j.why, j.of, j.pending, j.verdict, j.task,
       j.evidence, j.model
ORDER BY j.sequence

// name: judged_pairs_then
MATCH (j:Judgement WHERE j.at <= $known_at)-[:ON]->(p:JudgedPair)
MATCH (p)-[:ONE]->(m:Mention)-[:IN]->(r:Record)
MATCH (p)-[:OTHER]->(n:Mention)-[:IN]->(s:Record)
RETURN j.sequence, m.key, n.key, r.digest, m.role, m.ordinal, s.digest, n.role, n.ordinal,
       p.reasons, p.types, p.keys

// name: placed_then
MATCH (j:Judgement WHERE j.at <= $known_at)-[:ON]->(p:JudgedPair)
MATCH (p)-[:ONE]->(:Mention)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
MATCH (p)-[:OTHER]->(:Mention)-[h2:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h2.recorded_from <= $known_at < coalesce(h2.recorded_to, '9')]->(t:Subject)
RETURN DISTINCT j.sequence, j.uid, s.id, t.id
ORDER BY j.sequence, s.id, t.id

// name: settled_then
MATCH (j:Judgement) WHERE j.at <= $known_at AND j.action = 'judge' AND j.verdict = 'different'
  AND (NOT j.pending OR EXISTS {
    (j)<-[:OF]-(yes:Judgement {action: 'confirm'}) WHERE yes.at <= $known_at
  })
  AND NOT EXISTS {
    (j)<-[:OF]-(undo:Judgement {action: 'undo'}) WHERE undo.at <= $known_at
    AND (NOT undo.pending OR EXISTS {
      (undo)<-[:OF]-(yes:Judgement {action: 'confirm'}) WHERE yes.at <= $known_at
    })
  }
MATCH (j)-[:ON]->(p:JudgedPair) WHERE size(p.keys) > 0
MATCH (p)-[:ONE]->(:Mention)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
MATCH (p)-[:OTHER]->(:Mention)-[h2:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h2.recorded_from <= $known_at < coalesce(h2.recorded_to, '9')]->(t:Subject)
RETURN s.id, t.id, p.types, p.keys

// name: judgements_in_force_then
MATCH (j:Judgement) WHERE j.at <= $known_at AND j.action = 'judge'
  AND j.verdict IN ['same', 'different']
  AND (NOT j.pending OR EXISTS {
    (j)<-[:OF]-(yes:Judgement {action: 'confirm'}) WHERE yes.at <= $known_at
  })
  AND NOT EXISTS {
    (j)<-[:OF]-(undo:Judgement {action: 'undo'}) WHERE undo.at <= $known_at
    AND (NOT undo.pending OR EXISTS {
      (undo)<-[:OF]-(yes:Judgement {action: 'confirm'}) WHERE yes.at <= $known_at
    })
  }
MATCH (j)-[:ON]->(p:JudgedPair)
MATCH (p)-[:ONE]->(one:Mention)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
MATCH (p)-[:OTHER]->(other:Mention)-[:IN]->(s:Record)
WHERE s.batch <= $newest AND NOT s.batch IN $bad OR EXISTS {
  (s)-[:SEEN_IN]->(b) WHERE b.number <= $newest AND NOT b.number IN $bad
}
RETURN DISTINCT one.key, other.key, j.verdict

// name: mentions_of_subjects_then
UNWIND $rows AS id
MATCH (m:Mention)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(known:Subject {id: id})
USING INDEX known:Subject(id)
RETURN m.key

// name: all_posts_then
MATCH (m:Mention)-[t:STATED]->(b:Mention) WHERE t.type IN $holders
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
OPTIONAL MATCH (b)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN m.key, b.key, s.id, t.type

// name: some_posts_then
UNWIND $rows AS key
MATCH (m:Mention {key: key})-[t:STATED]->(b:Mention)
USING INDEX m:Mention(key)
WHERE t.type IN $holders
MATCH (m)-[:IN]->(r:Record)
WHERE r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
  (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
}
OPTIONAL MATCH (b)-[h:RESOLVED_TO|WAS_RESOLVED_TO
  WHERE h.recorded_from <= $known_at < coalesce(h.recorded_to, '9')]->(s:Subject)
RETURN m.key, b.key, s.id, t.type

// name: all_reviews_then
MATCH (v:Review) WHERE v.recorded_from <= $known_at < coalesce(v.recorded_to, '9')
RETURN v.subject, v.other, v.reason, v.type, v.key
