import { type Call, errorMessageOf, parseCall } from '@spanledger/core'
import { checkJson, type JsonShape } from '../otlp/check-json.ts'
import { MalformedBody } from '../otlp/proto-cursor.ts'
import type { LineRejection } from './ingest.ts'

/** The calls of a body of lines. */
export interface CallLines {
  readonly calls: readonly Call[]
  /** The line of each call, counted from 1. */
  readonly lines: readonly number[]
  readonly rejected: readonly LineRejection[]
}

export interface CallLineLimits {
  readonly callLines: number
  readonly callLineBytes: number
}

// Metadata and messages have names of their own, but not thousands of different ones.
const LINE_SHAPE: JsonShape = { depth: 128, containers: 200_000, values: 500_000, names: 5_000 }

const NEW_LINE = 0x0a

/** Reads lines of `toCallLine`. A line that is not one is rejected alone. Throws a `MalformedBody` if there are too many. */
export function readCallLines(body: Buffer, limits: CallLineLimits): CallLines {
  const calls: Call[] = []
  const lines: number[] = []
  const rejected: LineRejection[] = []
  let line = 0
  for (let start = 0; start < body.length;) {
    const newLine = body.indexOf(NEW_LINE, start)
    const end = newLine < 0 ? body.length : newLine
    line += 1
    const read = readLine(body.subarray(start, end), limits.callLineBytes)
    start = end + 1
    if (read === undefined) continue
    if (calls.length + rejected.length >= limits.callLines) {
      throw new MalformedBody(
        `it has more than ${limits.callLines.toLocaleString('en-US')} lines; send several requests`,
      )
    }
    if (typeof read === 'string') rejected.push({ line, reason: read })
    else {
      calls.push(read)
      lines.push(line)
    }
  }
  return { calls, lines, rejected }
}

/** The call, or why the line has none; undefined for a blank line. */
function readLine(bytes: Buffer, maxBytes: number): Call | string | undefined {
  if (bytes.length > maxBytes) return `the line is longer than ${maxBytes} bytes`
  try {
    checkJson(bytes, LINE_SHAPE)
    const text = bytes.toString('utf8').trim()
    return text === '' ? undefined : parseCall(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return 'the line is not JSON'
    return errorMessageOf(error)
  }
}
