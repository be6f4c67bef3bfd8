import { callId, CONTENT_COLUMN_NAMES, STORED_COLUMN_NAMES, toCallLine } from '@spanledger/core'
import type { StoredCall } from '@spanledger/store'
import { type CsvCell, isoTime, toCsv, toUsdText } from './csv.ts'

/** Formats that a program reads. */
export type DataFormat = 'json' | 'jsonl' | 'csv'

// Large enough for cheap writes, small enough to use little memory.
const CHUNK_CALLS = 200

/** Streams calls as text: JSON lines, one JSON array, or CSV with a header, with ISO times and dollars beside the exact numbers. */
export async function* callsAsText(
  calls: AsyncIterable<StoredCall>,
  format: DataFormat,
  { content = false }: { readonly content?: boolean } = {},
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

/** The calls that a provider bills. Runs and tools repeat their tokens, so a sum over all rows would count them twice. */
export async function* billableOf(calls: AsyncIterable<StoredCall>): AsyncGenerator<StoredCall> {
  for await (const call of calls) if (call.billable === 1) yield call
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
  return [
    'id',
    ...STORED_COLUMN_NAMES.flatMap(titlesOf),
    ...(content ? CONTENT_COLUMN_NAMES.map((name) => `content_${name}`) : []),
  ]
}

function csvCells(call: StoredCall, content: boolean): CsvCell[] {
  const contentCells = content ? CONTENT_COLUMN_NAMES.map((name) => csvCell(call.content?.[name])) : []
  return [callId(call), ...STORED_COLUMN_NAMES.flatMap((name) => cellsOf(name, call[name])), ...contentCells]
}

// A spreadsheet reads neither epoch milliseconds nor nano-dollars.
const TIMES = new Set<string>(['started_at', 'ended_at', 'repriced_at', 'created_at'])
const NANO_USD = /_nano_usd$/

function titlesOf(name: string): string[] {
  if (TIMES.has(name)) return [name, `${name}_iso`]
  return NANO_USD.test(name) ? [name, name.replace(NANO_USD, '_usd')] : [name]
}

function cellsOf(name: string, value: unknown): CsvCell[] {
  const cell = csvCell(value)
  if (TIMES.has(name)) return [cell, isoTime(cell)]
  return NANO_USD.test(name) ? [cell, typeof cell === 'number' ? toUsdText(cell) : null] : [cell]
}

function csvCell(value: unknown): CsvCell {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}
