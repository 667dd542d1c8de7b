// Evidence: written once by a load, never changed and never deleted. A record counts while some
// batch that brought it is complete and not withdrawn: $bad lists the others, $newest the last
// batch that a reader knows of.

// name: batch_by_uid
MATCH (b:Batch {uid: $uid}) WHERE b.state = 'complete'
RETURN b.uid, b.source, b.file, b.data_date, b.loaded_at, b.withdrawn_at,
       b.read, b.accepted, b.refused, b.repeated, b.mended

// name: open_batch
MATCH (m:Meta {name: 'store'}) SET m.batches = m.batches + 1
WITH m WHERE m.copying IS NULL
MERGE (b:Batch {uid: $uid})
ON CREATE SET b.number = m.batches, b.state = 'open', b.written = 0, b.source = $source,
  b.file = $file, b.file_digest = $file_digest, b.loaded_at = $loaded_at
WITH b
MERGE (s:Source {name: $source}) SET s.delivery = $delivery, s.register = $register
MERGE (b)-[:FROM]->(s)
RETURN b.number

// name: put_sheet
MATCH (b:Batch {number: $batch})
MERGE (s:Sheet {id: toString($batch) + ':' + toString($position)})
ON CREATE SET s.name = $name, s.position = $position, s.header = $header
MERGE (s)-[:IN]->(b)

// name: take_turn
MATCH (b:Batch {number: $batch}) SET b.turn = coalesce(b.turn, 0) + 1 RETURN b.written

// name: put_records
MATCH (b:Batch {number: $batch})
UNWIND $rows AS row
MERGE (r:Record {digest: row[1]})
ON CREATE SET r.key = row[0], r.natural_key = row[2], r.version = row[3], r.source = $source,
  r.batch = $batch, r.series = row[5], r.whole = row[6]
CREATE (r)-[:SEEN_IN {sheet: $sheet, row: row[4]}]->(b)
RETURN row[0], r.key

// name: known_records
UNWIND $digests AS digest
MATCH (r:Record {digest: digest})
USING INDEX r:Record(digest)
RETURN digest, r.key

// name: put_mentions
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
CREATE (m:Mention {key: row[1], role: row[2], ordinal: row[3], kind: row[4], name: row[5],
  name_key: row[6], identifier_types: row[7], identifier_statuses: row[8],
  identifier_values: row[9], identifier_keys: row[10], identifier_repairs: row[11]})-[:IN]->(r)

// name: put_traits
UNWIND $rows AS row
MATCH (m:Mention {key: row[0]})
USING INDEX m:Mention(key)
SET m.phone = row[1], m.address = row[2], m.founded = row[3]

// name: put_relations
UNWIND $rows AS row
MATCH (a:Mention {key: row[2]})
USING INDEX a:Mention(key)
MATCH (b:Mention {key: row[3]})
USING INDEX b:Mention(key)
CREATE (a)-[:STATED {position: row[0], type: row[1], since: row[4], until: row[5],
  share: row[6]}]->(b)

// name: put_listings
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
MATCH (m:Mention {key: row[3]})
USING INDEX m:Mention(key)
CREATE (l:Listing {record: row[1], kind: row[2], authority: row[4], decision_number: row[5],
  case_key: row[6], violation_date: row[7], decision_date: row[8], since: row[9], until: row[10],
  scope: row[11], severity: row[12], named: row[13], facts: row[14], events: row[15]})
CREATE (l)-[:STATED_IN]->(r)
CREATE (l)-[:ABOUT]->(m)

// name: put_case_events
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
MATCH (m:Mention {key: row[5]})
USING INDEX m:Mention(key)
CREATE (e:CaseEvent {id: toString(row[1]) + ':' + toString(row[2]), position: row[2],
  status: row[3], happened: row[4], authority: row[6], decision_number: row[7], case_key: row[8]})
CREATE (e)-[:STATED_IN]->(r)
CREATE (e)-[:ABOUT]->(m)

// name: put_bids
UNWIND $rows AS row
MATCH (r:Record {digest: row[0]})
USING INDEX r:Record(digest)
MATCH (m:Mention {key: row[5]})
USING INDEX m:Mention(key)
CREATE (o:Bid {record: row[1], project: row[2], lot: row[3], opened: row[4]})
CREATE (o)-[:STATED_IN]->(r)
CREATE (o)-[:BY]->(m)

// name: put_cells
UNWIND $rows AS row
CREATE (:Cells {first: row[0], body: row[1]})

// name: put_refusals
MATCH (b:Batch {number: $batch})
UNWIND $rows AS row
CREATE (f:Refusal {id: toString($batch) + ':' + toString($sheet) + ':' + toString(row[0]),
  sheet: $sheet, row: row[0], code: row[1], facts: row[2], cells: row[3]})-[:IN]->(b)

// name: mend
UNWIND $rows AS row
MATCH (b:Batch {uid: row[0]})
MATCH (f:Refusal {id: toString(b.number) + ':' + row[1] + ':' + row[2]})
USING INDEX f:Refusal(id)
MATCH (r:Record {digest: row[3]})
USING INDEX r:Record(digest)
WHERE NOT EXISTS {
  (f)-[:MENDED_BY]->(o) WHERE o.digest <> row[3] AND (
    o.batch <= $newest AND NOT o.batch IN $bad OR EXISTS {
      (o)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
MERGE (f)-[:MENDED_BY]->(r)
RETURN count(*)

// name: put_progress
MATCH (b:Batch {number: $batch}) SET b.written = $written

// name: abandon_batch
MATCH (b:Batch {number: $batch}) SET b.uid = b.uid + '~' + toString(b.number)

// name: finish_batch
MATCH (m:Meta {name: 'store'})
SET m.changes = m.changes + 1, m.evidence_changed = true,
  m.everyone_affected = m.everyone_affected OR $full
WITH m
MATCH (b:Batch {number: $batch}) WHERE b.state = 'open'
SET b.state = 'complete', b.changed = m.changes, b.data_date = $data_date, b.wholes = $wholes,
  b.read = $read,
  b.accepted = $accepted, b.refused = $refused, b.repeated = $repeated, b.mended = $mended

// name: withdraw_batch
MATCH (m:Meta {name: 'store'}) SET m.changes = m.changes + 1
WITH m
MATCH (b:Batch {uid: $uid})-[:FROM]->(s:Source) WHERE b.state = 'complete'
SET m.evidence_changed = true, m.everyone_affected = m.everyone_affected OR s.delivery = 'full'
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
  (f)-[:MENDED_BY]->(r) WHERE (
    r.batch <= $newest AND NOT r.batch IN $bad OR EXISTS {
      (r)-[:SEEN_IN]->(s) WHERE s.number <= $newest AND NOT s.number IN $bad
    }
  )
}
MATCH (sheet:Sheet {id: toString(b.number) + ':' + toString(f.sheet)})
RETURN b.source, b.file, b.number, f.sheet, f.row, b.uid, sheet.name, f.code, f.facts,
       sheet.header, f.cells

// name: record
MATCH (r:Record {digest: $digest})
USING INDEX r:Record(digest)
WHERE EXISTS { (r)-[:SEEN_IN]->(b) WHERE b.state <> 'open' }
RETURN r.key, r.source, EXISTS {
  (r)-[:SEEN_IN]->(b) WHERE b.state = 'complete'
}

// name: sightings
MATCH (r:Record {digest: $digest})-[seen:SEEN_IN]->(b:Batch)
USING INDEX r:Record(digest)
WHERE b.state <> 'open'
RETURN b.uid, b.file, seen.row, b.withdrawn_at

// name: cells
MATCH (c:Cells)
USING INDEX c:Cells(first)
WHERE c.first <= $key RETURN c.first, c.body ORDER BY c.first DESC LIMIT 1

// name: mentions_of_record
MATCH (r:Record {digest: $digest})<-[:IN]-(m:Mention)
USING INDEX r:Record(digest)
RETURN m.role, m.ordinal, m.kind, m.name, m.identifier_types, m.identifier_statuses,
       m.identifier_values
ORDER BY m.key
