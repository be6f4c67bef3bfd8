import { callId, CONTENT_COLUMN_NAMES, STORED_COLUMN_NAMES, toCallLine } from '@spanledger/core'
import type { StoredCall } from '@spanledger/store'
import type { Format } from '../format.ts'
import { type CsvCell, toCsv } from './csv.ts'

/** Formats that a program reads. */
export type DataFormat = Exclude<Format, 'table'>

// Large enough for cheap writes, small enough to use little memory.
const CHUNK_CALLS = 200

/** Streams calls as text: JSON lines, one JSON array, or CSV with a header. */
export async function* callsAsText(
  calls: AsyncIterable<StoredCall>,
  format: DataFormat,
  { content }: { readonly content: boolean },
): AsyncGenerator<string> {
  if (format === 'csv') yield toCsv([csvTitles(content)])
  let isFirst = true
  for await (const chunk of chunksOf(calls)) {
    if (format === 'csv') yield toCsv(chunk.map((call) => csvCells(call, content)))
    else if (format === 'jsonl') yield chunk.map((call) => `${toCallLine(call)}\n`).join('')
    else yield `${isFirst ? '[' : ','}\n${chunk.map(toCallLine).join(',\n')}`
    isFirst = false
  }
  if (format === 'json') yield isFirst ? '[]\n' : '\n]\n'
}

async function* chunksOf(calls: AsyncIterable<StoredCall>): AsyncGenerator<StoredCall[]> {
  let chunk: StoredCall[] = []
  for await (const call of calls) {
    chunk.push(call)
    if (chunk.length < CHUNK_CALLS) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

function csvTitles(content: boolean): string[] {
  return ['id', ...STORED_COLUMN_NAMES, ...(content ? CONTENT_COLUMN_NAMES.map((name) => `content_${name}`) : [])]
}

function csvCells(call: StoredCall, content: boolean): CsvCell[] {
  const contentCells = content ? CONTENT_COLUMN_NAMES.map((name) => csvCell(call.content?.[name])) : []
  return [callId(call), ...STORED_COLUMN_NAMES.map((name) => csvCell(call[name])), ...contentCells]
}

function csvCell(value: unknown): CsvCell {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}
