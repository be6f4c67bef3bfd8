import { parseCallLine, toCallLine } from '@spanledger/core'
import type { Frame } from '../frames/frame.ts'
import { createOpenStartsFile } from './open-starts-file.ts'

/**
 * Starts of calls that have no end yet. They outlive the segment that they were written to in a file of their own: otherwise
 * one long call would keep every segment.
 */
export interface OpenStarts {
  /** Adds the starts among these frames, removes those that end here, and returns the lines of the calls that ended. */
  follow(frames: readonly Frame[], segment: number): string[]
  /** Writes the starts of a segment that are still open to the file, before the segment is deleted. */
  carry(segment: number): void
  /** Removes the oldest when there are too many, and returns them as rows. */
  takeOverflow(): readonly string[]
  /** All of them, as rows with this status. */
  rows(status: 'abandoned' | 'crashed'): readonly string[]
  /** Removes all of them, and the file. */
  clear(): void
}

interface Start {
  readonly line: string
  /** Absent if it is in the file. */
  segment: number | undefined
}

const MAX_OPEN = 10_000
const MAX_CHARACTERS = 16 * 1024 * 1024
// A smaller file is not worth rewriting.
const SMALL_FILE = 1024 * 1024
const ID_LENGTH = 32 + 1 + 16
const ID_START = '{"id":"'

export function createOpenStarts(directory: string, writer: string): OpenStarts {
  const file = createOpenStartsFile(directory, writer)
  const open = new Map<string, Start>()
  let characters = 0
  const remove = (key: string) => {
    const start = open.get(key)
    if (start === undefined || !open.delete(key)) return
    characters -= start.line.length
  }
  const add = (line: string, segment: number | undefined) => {
    const key = keyOf(line)
    remove(key)
    open.set(key, { line, segment })
    characters += line.length
  }
  for (const line of file.read()) add(line, undefined)
  return {
    follow(frames, segment) {
      const ended: string[] = []
      for (const { kind, line } of frames) {
        if (kind === 'start') add(line, segment)
        else {
          remove(keyOf(line))
          ended.push(line)
        }
      }
      return ended
    },
    carry(segment) {
      const carried = [...open.values()].filter((start) => start.segment === segment)
      if (carried.length === 0) return
      for (const start of carried) start.segment = undefined
      const bytes = file.writtenBytes()
      if (bytes > SMALL_FILE && bytes > 2 * characters) {
        file.rewrite(linesOf([...open.values()].filter((start) => start.segment === undefined)))
      } else file.append(linesOf(carried))
    },
    takeOverflow() {
      const rows: string[] = []
      for (const [key, { line }] of open) {
        if (open.size <= MAX_OPEN && characters <= MAX_CHARACTERS) break
        rows.push(withStatus(line, 'abandoned'))
        remove(key)
      }
      return rows
    },
    rows: (status) => linesOf([...open.values()]).map((line) => withStatus(line, status)),
    clear() {
      open.clear()
      characters = 0
      file.delete()
    },
  }
}

function linesOf(starts: readonly Start[]): readonly string[] {
  return starts.map(({ line }) => line)
}

// Every line that `toCallLine` writes begins with its id, so it need not be parsed.
function keyOf(line: string): string {
  return line.startsWith(ID_START) ? line.slice(ID_START.length, ID_START.length + ID_LENGTH) : line
}

function withStatus(line: string, status: 'abandoned' | 'crashed'): string {
  try {
    return toCallLine({ ...parseCallLine(line), status })
  } catch {
    // The target says what is wrong with it.
    return line
  }
}
