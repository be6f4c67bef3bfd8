import { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES } from '@spanledger/core'
import type { ColumnValue, EncodedCall } from '../../calls/call-row.ts'
import type { PlannedUpdate } from '../../calls/plan-write.ts'
import type { StepLink } from '../../steps/step-link.ts'
import { tracesOfLinks } from '../../steps/step-link-queries.ts'
import type { PostgresClient } from './pool.ts'
import { LOG_TRANSACTION, SEQS_PER_TRANSACTION } from './schema.ts'
import type { CallRow, ContentRow } from '../../sql/tables.ts'

const CALL_NAMES = CALL_COLUMN_NAMES.join(', ')
const CONTENT_NAMES = CONTENT_COLUMN_NAMES.join(', ')

// All rows are one JSON parameter, which Postgres converts with the types of the table; a missing column is NULL. Rows
// are inserted and locked in the order of their keys, so that no two writers deadlock.
const INSERT_CALLS = `
WITH inserted AS (
  INSERT INTO calls (${CALL_NAMES}, created_at, ingest_seq)
  SELECT ${CALL_NAMES}, $3::bigint, (${LOG_TRANSACTION}) * ${SEQS_PER_TRANSACTION} + ingest_seq
  FROM json_populate_recordset(NULL::calls, $1::json)
  ORDER BY trace_id, span_id
  ON CONFLICT (trace_id, span_id) DO NOTHING
  RETURNING trace_id, span_id, ingest_seq
), contents AS (
  INSERT INTO call_contents (trace_id, span_id, ${CONTENT_NAMES}, created_at, ingest_seq)
  SELECT trace_id, span_id, ${CONTENT_COLUMN_NAMES.map((name) => `given.${name}`).join(', ')}, $3::bigint, inserted.ingest_seq
  FROM json_populate_recordset(NULL::call_contents, $2::json) AS given JOIN inserted USING (trace_id, span_id)
)
SELECT (ingest_seq % ${SEQS_PER_TRANSACTION})::integer AS place FROM inserted`

const UPDATE_CALLS = `
UPDATE calls SET ${CALL_COLUMN_NAMES.map((name) => `${name} = given.${name}`).join(', ')}
FROM json_populate_recordset(NULL::calls, $1::json) AS given WHERE calls.ingest_seq = given.ingest_seq`

const PUT_CONTENTS = `
INSERT INTO call_contents (trace_id, span_id, ${CONTENT_NAMES}, created_at, ingest_seq)
SELECT trace_id, span_id, ${CONTENT_NAMES}, $2::bigint, ingest_seq
FROM json_populate_recordset(NULL::call_contents, $1::json) ORDER BY ingest_seq
ON CONFLICT (ingest_seq) DO UPDATE SET ${CONTENT_COLUMN_NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`

const SELECT_TRACES = 'SELECT * FROM calls WHERE trace_id = ANY($1) ORDER BY ingest_seq'
const SELECT_CONTENTS = 'SELECT * FROM call_contents WHERE ingest_seq = ANY($1)'

const LOCK_TRACES = 'SELECT * FROM calls WHERE trace_id = ANY($1) ORDER BY trace_id, span_id FOR UPDATE'
const LOCK_SEQS = 'SELECT * FROM calls WHERE ingest_seq = ANY($1) ORDER BY trace_id, span_id FOR UPDATE'
const LOCK_KEYS = `
SELECT * FROM calls WHERE (trace_id, span_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY trace_id, span_id FOR UPDATE`

const INSERT_PROJECTS = `
INSERT INTO projects (id, name, created_at) SELECT id, id, $2::bigint FROM unnest($1::text[]) AS id ORDER BY id COLLATE "C"
ON CONFLICT (id) DO NOTHING`

const INSERT_LINKS = `
INSERT INTO span_links (trace_id, links, created_at)
SELECT value ->> 'trace', value ->> 'links', $2::bigint FROM json_array_elements($1::json)`

/** Inserts the calls that are not stored. Returns the others, once the transactions that inserted them have committed. */
export async function insertCalls(
  client: PostgresClient,
  calls: readonly EncodedCall[],
  createdAt: number,
): Promise<EncodedCall[]> {
  if (calls.length === 0) return []
  const rows = calls.map((call, index) => callRow(call, index))
  const contents = calls.flatMap((call) => (call.content === undefined ? [] : [contentRow(call)]))
  const result = await client.query(INSERT_CALLS, [JSON.stringify(rows), JSON.stringify(contents), createdAt])
  if (result.rows.length === calls.length) return []
  const inserted = new Set((result.rows as { readonly place: number }[]).map(({ place }) => place))
  return calls.filter((_, index) => !inserted.has(index))
}

/** Changes the values of stored rows. */
export async function updateCalls(client: PostgresClient, updates: readonly PlannedUpdate[]): Promise<void> {
  if (updates.length === 0) return
  const rows = updates.map(({ call, ingestSeq }) => callRow(call, ingestSeq))
  await client.query(UPDATE_CALLS, [JSON.stringify(rows)])
}

/** Inserts or replaces the content of stored rows. */
export async function putContents(
  client: PostgresClient,
  contents: readonly PlannedUpdate[],
  createdAt: number,
): Promise<void> {
  if (contents.length === 0) return
  const rows = contents.map(({ call, ingestSeq }) => ({ ...contentRow(call), ingest_seq: ingestSeq }))
  await client.query(PUT_CONTENTS, [JSON.stringify(rows), createdAt])
}

/** All calls of these traces in order of arrival. */
export async function selectTraces(client: PostgresClient, traceIds: readonly string[]): Promise<CallRow[]> {
  return callRows(client, SELECT_TRACES, [traceIds])
}

/** The same, locked: others cannot change or delete them before the transaction ends. */
export async function lockTraces(client: PostgresClient, traceIds: readonly string[]): Promise<CallRow[]> {
  const rows = await callRows(client, LOCK_TRACES, [traceIds])
  return rows.toSorted((a, b) => a.ingest_seq - b.ingest_seq)
}

/** The stored versions of these calls, locked. */
export async function lockCalls(client: PostgresClient, calls: readonly EncodedCall[]): Promise<CallRow[]> {
  return callRows(client, LOCK_KEYS, [calls.map((call) => call.traceId), calls.map((call) => call.spanId)])
}

/** The calls at these positions of the log, locked, in the order of the log. Deleted calls are missing. */
export async function lockBySeqs(client: PostgresClient, ingestSeqs: readonly number[]): Promise<CallRow[]> {
  const rows = await callRows(client, LOCK_SEQS, [ingestSeqs])
  return rows.toSorted((a, b) => a.ingest_seq - b.ingest_seq)
}

/** The stored content of the rows that are versions of these calls. */
export async function selectContents(
  client: PostgresClient,
  rows: readonly CallRow[],
  calls: readonly EncodedCall[],
): Promise<ContentRow[]> {
  const spans = new Set(calls.map((call) => call.spanId))
  const seqs = rows.filter((row) => spans.has(row.span_id)).map((row) => row.ingest_seq)
  if (seqs.length === 0) return []
  return [...(await client.query(SELECT_CONTENTS, [seqs])).rows] as ContentRow[] // the columns of the table
}

/** Creates the projects that do not exist. */
export async function insertProjects(client: PostgresClient, ids: readonly string[], createdAt: number): Promise<void> {
  if (ids.length > 0) await client.query(INSERT_PROJECTS, [ids, createdAt])
}

/** Stores steps, a row for each trace. */
export async function insertLinks(
  client: PostgresClient,
  links: readonly StepLink[],
  createdAt: number,
): Promise<void> {
  await client.query(INSERT_LINKS, [JSON.stringify(tracesOfLinks(links)), createdAt])
}

async function callRows(client: PostgresClient, text: string, values: readonly unknown[]): Promise<CallRow[]> {
  return [...(await client.query(text, values)).rows] as CallRow[] // the columns of the table
}

function callRow({ values }: EncodedCall, ingestSeq: number): Record<string, ColumnValue> {
  return { ...known(CALL_COLUMN_NAMES, values), ingest_seq: ingestSeq }
}

function contentRow({ traceId, spanId, content = [] }: EncodedCall): Record<string, ColumnValue> {
  return { ...known(CONTENT_COLUMN_NAMES, content), trace_id: traceId, span_id: spanId }
}

// Half of the columns of a typical call are NULL, and each name costs time on both sides.
function known(names: readonly string[], values: readonly ColumnValue[]): Record<string, ColumnValue> {
  const row: Record<string, ColumnValue> = {}
  for (const [index, name] of names.entries()) {
    const value = values[index]
    if (value !== null && value !== undefined) row[name] = value
  }
  return row
}
