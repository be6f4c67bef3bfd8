import { callId, STORED_COLUMN_NAMES, toCallLine } from '@spanledger/core'
import type { StoredCall } from '@spanledger/store'
import { stringify } from 'csv-stringify/sync'

/** Formats of an export. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The content type of each export format. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson',
}

const CHUNK_CALLS = 200

/** Streams an exported file. Reads calls as fast as the client reads the file. */
export function exportStream(calls: AsyncIterable<StoredCall>, format: ExportFormat): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const texts = textsOf(calls, format)
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await texts.return(undefined)
    },
  })
}

async function* textsOf(calls: AsyncIterable<StoredCall>, format: ExportFormat): AsyncGenerator<string> {
  if (format === 'csv') yield stringify([['id', ...STORED_COLUMN_NAMES]])
  let chunk: StoredCall[] = []
  for await (const call of calls) {
    chunk.push(call)
    if (chunk.length < CHUNK_CALLS) continue
    yield textOf(chunk, format)
    chunk = []
  }
  if (chunk.length > 0) yield textOf(chunk, format)
}

// Spreadsheets run text that begins like a formula, so it is escaped.
function textOf(calls: readonly StoredCall[], format: ExportFormat): string {
  if (format === 'jsonl') return calls.map((call) => `${toCallLine(call)}\n`).join('')
  const rows = calls.map((call) => [callId(call), ...STORED_COLUMN_NAMES.map((name) => cellOf(call[name]))])
  return stringify(rows, { escape_formulas: true })
}

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}
