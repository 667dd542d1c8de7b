// The ledger of judgements: rows are added, never changed. A row counts when it needs no
// confirmation or has one; a judgement is in force when it counts and no undo of it does.

// name: judgement_uids
MATCH (j:Judgement) WHERE j.uid IN $uids RETURN j.uid

// name: add_judgement
MATCH (m:Meta {name: 'store'})
SET m.judged = m.judged + 1, m.changes = m.changes + CASE WHEN $pending THEN 0 ELSE 1 END
WITH m
CREATE (j:Judgement {sequence: m.judged, uid: $uid, action: $action, of: $of, pending: $pending,
  verdict: $verdict, by: $by, at: $at, why: $why, task: $task, evidence: $evidence, model: $model,
  changed: CASE WHEN $pending THEN NULL ELSE m.changes END})
WITH j
MATCH (meant:Judgement {uid: $of})
CREATE (j)-[:OF]->(meant)

// name: put_pairs
UNWIND $rows AS row
MATCH (j:Judgement {uid: row[0]})
USING INDEX j:Judgement(uid)
MATCH (one:Mention {key: row[1]})
USING INDEX one:Mention(key)
MATCH (other:Mention {key: row[2]})
USING INDEX other:Mention(key)
CREATE (j)-[:ON]->(p:JudgedPair {reasons: row[3], types: row[4], keys: row[5]})
CREATE (p)-[:ONE]->(one)
CREATE (p)-[:OTHER]->(other)

// name: mention_key
MATCH (r:Record {digest: $digest})<-[:IN]-(m:Mention {role: $role, ordinal: $ordinal})
USING INDEX r:Record(digest)
WHERE EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
RETURN m.key

// name: ledger
MATCH (j:Judgement)
RETURN j.sequence, j.uid, j.action, j.by, j.at, j.why, j.of, j.pending, j.verdict, j.task,
       j.evidence, j.model
ORDER BY j.sequence

// name: judged_pairs
MATCH (j:Judgement)-[:ON]->(p:JudgedPair)
MATCH (p)-[:ONE]->(m:Mention)-[:IN]->(r:Record)
MATCH (p)-[:OTHER]->(n:Mention)-[:IN]->(s:Record)
RETURN j.sequence, m.key, n.key, r.digest, m.role, m.ordinal, s.digest, n.role, n.ordinal,
       p.reasons, p.types, p.keys

// name: placed
MATCH (j:Judgement)-[:ON]->(p:JudgedPair)
MATCH (p)-[:ONE]->(:Mention)-[:RESOLVED_TO]->(s:Subject)
MATCH (p)-[:OTHER]->(:Mention)-[:RESOLVED_TO]->(t:Subject)
RETURN DISTINCT j.sequence, j.uid, s.id, t.id
ORDER BY j.sequence, s.id, t.id

// name: settled
MATCH (j:Judgement) WHERE j.action = 'judge' AND j.verdict = 'different'
  AND (NOT j.pending OR EXISTS { (j)<-[:OF]-(:Judgement {action: 'confirm'}) })
  AND NOT EXISTS {
    (j)<-[:OF]-(undo:Judgement {action: 'undo'})
    WHERE NOT undo.pending OR EXISTS { (undo)<-[:OF]-(:Judgement {action: 'confirm'}) }
  }
MATCH (j)-[:ON]->(p:JudgedPair) WHERE size(p.keys) > 0
MATCH (p)-[:ONE]->(:Mention)-[:RESOLVED_TO]->(s:Subject)
MATCH (p)-[:OTHER]->(:Mention)-[:RESOLVED_TO]->(t:Subject)
RETURN s.id, t.id, p.types, p.keys

// name: judgements_in_force
MATCH (j:Judgement) WHERE j.action = 'judge' AND j.verdict IN ['same', 'different']
  AND (NOT j.pending OR EXISTS { (j)<-[:OF]-(:Judgement {action: 'confirm'}) })
  AND NOT EXISTS {
    (j)<-[:OF]-(undo:Judgement {action: 'undo'})
    WHERE NOT undo.pending OR EXISTS { (undo)<-[:OF]-(:Judgement {action: 'confirm'}) }
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
