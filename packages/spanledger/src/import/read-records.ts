import { errorMessageOf } from '@spanledger/core'
import { readLines } from './read-lines.ts'

/** A JSON value of a file, or the problem with it, and the line where it begins. */
export type FileRecord =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly problem: string }

interface WaitingLine {
  readonly number: number
  readonly text: string
}

/**
 * Yields the JSON values of a file: one per line, or one that spans all lines, as the first line shows. A value that
 * spans all lines is kept in memory as a whole.
 */
export async function* readRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  let document: WaitingLine[] | undefined
  let isFirst = true
  for await (const { number, text, problem } of readLines(bytes)) {
    const wasFirst = isFirst
    isFirst = false
    if (problem !== undefined) {
      yield { line: number, problem }
      continue
    }
    if (document !== undefined) {
      document.push({ number, text })
      if (!isOneOfMany(text, document)) continue
      yield* document.map((line) => parse(line.number, line.text))
      document = undefined
      continue
    }
    const record = parse(number, text)
    if (wasFirst && 'problem' in record && /^[[{]/.test(text)) document = [{ number, text }]
    else yield record
  }
  if (document !== undefined) yield parseDocument(document)
}

function parse(line: number, text: string): FileRecord {
  try {
    return { line, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { line, problem: `not JSON: ${errorMessageOf(error)}` }
  }
}

function parseDocument(lines: readonly WaitingLine[]): FileRecord {
  return parse(lines[0]?.number ?? 1, lines.map(({ text }) => text).join('\n'))
}

// A complete request or call on a later line means that the first line is just broken: a value that spans many lines
// contains none, unless it is a list, where the last element has no comma after it.
function isOneOfMany(text: string, [first]: readonly WaitingLine[]): boolean {
  if (first?.text.startsWith('[') === true || !/^\{.*"(resourceSpans|trace_id)"/.test(text)) return false
  return 'value' in parse(0, text)
}
