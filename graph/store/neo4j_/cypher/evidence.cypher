// Evidence: written once by a load, never changed and never deleted. A record counts while some
// batch that brought it is complete and not withdrawn: $bad lists the others, $newest the last
// batch that a reader knows of.

// name: batch_by_uid
MATCH (b:Batch {uid: $uid}) WHERE b.state = 'complete'
RETURN b.uid, b.source, b.file, b.data_date, b.loaded_at, b.withdrawn_at,
       b.read, b.accepted, b.refused, b.repeated, b.mended

// name: open_batch
MATCH (m:Meta {name: 'store'}) SET m.batches = m.batches + 1
WITH m
MERGE (b:Batch {uid: $uid})
ON CREATE SET b.number = m.batches, b.state = 'open', b.written = 0, b.source = $source,
  b.file = $file, b.file_digest = $file_digest, b.loaded_at = $loaded_at
WITH b
MERGE (s:Source {name: $source}) SET s.delivery = $delivery, s.register = $register
MERGE (b)-[:FROM]->(s)
RETURN b.number, b.written

// name: put_sheet
MATCH (b:Batch {number: $batch})
MERGE (s:Sheet {id: toString($batch) + ':' + toString($position)})
ON CREATE SET s.name = $name, s.position = $position, s.header = $header
MERGE (s)-[:IN]->(b)

// name: put_records
MATCH (b:Batch {number: $batch})
UNWIND $rows AS row
MERGE (r:Record {digest: row[1]})
ON CREATE SET r.key = row[0], r.natural_key = row[2], r.version = row[3], r.source = $source,
  r.batch = $batch
MERGE (r)-[:SEEN_IN {sheet: $sheet, row: row[4]}]->(b)
RETURN row[0], r.key

// name: known_records
UNWIND $digests AS digest
MATCH (r:Record {digest: digest}) RETURN digest, r.key

// name: put_mentions
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
MERGE (m:Mention {key: row[1]})
ON CREATE SET m.role = row[2], m.ordinal = row[3], m.kind = row[4], m.name = row[5],
  m.name_key = row[6], m.identifier_types = row[7], m.identifier_statuses = row[8],
  m.identifier_values = row[9], m.identifier_keys = row[10], m.identifier_repairs = row[11]
MERGE (m)-[:IN]->(r)

// name: put_relations
UNWIND $rows AS row
MATCH (a:Mention {key: row[2]})
MATCH (b:Mention {key: row[3]})
MERGE (a)-[t:STATED {position: row[0]}]->(b)
ON CREATE SET t.type = row[1], t.since = row[4], t.until = row[5], t.share = row[6]

// name: put_listings
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
MATCH (m:Mention {key: row[3]})
MERGE (l:Listing {record: row[1]})
ON CREATE SET l.kind = row[2], l.authority = row[4], l.decision_number = row[5],
  l.case_key = row[6], l.violation_date = row[7], l.decision_date = row[8], l.since = row[9],
  l.until = row[10], l.scope = row[11], l.severity = row[12], l.named = row[13],
  l.facts = row[14], l.events = row[15]
MERGE (l)-[:STATED_IN]->(r)
MERGE (l)-[:ABOUT]->(m)

// name: put_case_events
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
MATCH (m:Mention {key: row[5]})
MERGE (e:CaseEvent {id: toString(row[1]) + ':' + toString(row[2])})
ON CREATE SET e.position = row[2], e.status = row[3], e.happened = row[4], e.authority = row[6],
  e.decision_number = row[7], e.case_key = row[8]
MERGE (e)-[:STATED_IN]->(r)
MERGE (e)-[:ABOUT]->(m)

// name: put_bids
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
MATCH (m:Mention {key: row[5]})
MERGE (o:Bid {record: row[1]})
ON CREATE SET o.project = row[2], o.lot = row[3], o.opened = row[4]
MERGE (o)-[:STATED_IN]->(r)
MERGE (o)-[:BY]->(m)

// name: put_cells
UNWIND $rows AS row
MERGE (c:Cells {first: row[0]}) ON CREATE SET c.body = row[1]

// name: put_refusals
MATCH (b:Batch {number: $batch})
UNWIND $rows AS row
MERGE (f:Refusal {id: toString($batch) + ':' + toString($sheet) + ':' + toString(row[0])})
ON CREATE SET f.sheet = $sheet, f.row = row[0], f.code = row[1], f.facts = row[2], f.cells = row[3]
MERGE (f)-[:IN]->(b)

// name: mend
UNWIND $rows AS row
MATCH (b:Batch {uid: row[0]})
MATCH (f:Refusal {id: toString(b.number) + ':' + row[1] + ':' + row[2]})
MATCH (r:Record {digest: row[3]})
WHERE NOT EXISTS {
  (f)-[:MENDED_BY]->(o:Record) WHERE o.digest <> row[3] AND (
    o.batch <= $newest AND NOT o.batch IN $bad OR EXISTS {
      (o)-[:SEEN_IN]->(s:Batch) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
MERGE (f)-[:MENDED_BY]->(r)
RETURN count(*)

// name: put_progress
MATCH (b:Batch {number: $batch}) SET b.written = $written

// name: finish_batch
MATCH (m:Meta {name: 'store'}) SET m.changes = m.changes + 1
WITH m
MATCH (b:Batch {number: $batch}) WHERE b.state = 'open'
SET b.state = 'complete', b.changed = m.changes, b.data_date = $data_date, b.read = $read,
  b.accepted = $accepted, b.refused = $refused, b.repeated = $repeated, b.mended = $mended

// name: withdraw_batch
MATCH (m:Meta {name: 'store'}) SET m.changes = m.changes + 1
WITH m
MATCH (b:Batch {uid: $uid}) WHERE b.state = 'complete'
SET b.state = 'withdrawn', b.changed = m.changes, b.withdrawn_at = $at,
  b.uid = b.uid + '~' + toString(b.number)
RETURN b.number

// name: batches
MATCH (b:Batch) WHERE b.state <> 'open'
RETURN b.uid, b.source, b.file, b.data_date, b.loaded_at, b.withdrawn_at,
       b.read, b.accepted, b.refused, b.repeated, b.mended
ORDER BY b.number

// name: refused
MATCH (b:Batch) WHERE b.state = 'complete' AND ($uid IS NULL OR b.uid = $uid)
MATCH (f:Refusal)-[:IN]->(b)
WHERE NOT EXISTS {
  (f)-[:MENDED_BY]->(r:Record) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s:Batch) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
MATCH (sheet:Sheet {id: toString(b.number) + ':' + toString(f.sheet)})
RETURN b.source, b.file, b.number, f.sheet, f.row, b.uid, sheet.name, f.code, f.facts,
       sheet.header, f.cells

// name: record
MATCH (r:Record {digest: $digest})
WHERE EXISTS { (r)-[:SEEN_IN]->(b:Batch) WHERE b.state <> 'open' }
RETURN r.key, r.source, EXISTS {
  (r)-[:SEEN_IN]->(b:Batch) WHERE b.state = 'complete'
}

// name: sightings
MATCH (r:Record {digest: $digest})-[seen:SEEN_IN]->(b:Batch) WHERE b.state <> 'open'
RETURN b.uid, b.file, seen.row, b.withdrawn_at

// name: cells
MATCH (c:Cells) WHERE c.first <= $key RETURN c.first, c.body ORDER BY c.first DESC LIMIT 1

// name: mentions_of_record
MATCH (r:Record {digest: $digest})<-[:IN]-(m:Mention)
RETURN m.role, m.ordinal, m.kind, m.name, m.identifier_types, m.identifier_statuses,
       m.identifier_values
ORDER BY m.key
