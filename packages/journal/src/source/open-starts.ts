import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCallLine, toCallLine } from '@spanledger/core'
import { createFrameEncoder } from '../frames/frame.ts'
import { OPEN_STARTS_FILE } from '../folder/journal-folder.ts'
import { readFrames } from '../frames/read-frames.ts'

/**
 * Starts of calls that have no end yet. They outlive the segment that they were written to in a file of their own, or else one
 * long call would keep every segment.
 */
export interface OpenStarts {
  started(line: string, segment: number): void
  ended(line: string): void
  /** A segment goes: what is still open of it goes into the file. */
  carry(segment: number): void
  /** The oldest, as rows, when there are too many. */
  takeOverflow(): readonly string[]
  /** All, as rows with this status. */
  take(status: 'abandoned' | 'crashed'): readonly string[]
  /** Nothing is open any more. */
  clear(): void
}

const MAX_OPEN = 10_000
const MAX_CHARACTERS = 16 * 1024 * 1024
// Below this the file is not worth rewriting.
const SMALL_FILE = 1024 * 1024
const ID_LENGTH = 32 + 1 + 16
const ID_START = '{"id":"'

export function createOpenStarts(directory: string, writer: string): OpenStarts {
  const path = join(directory, OPEN_STARTS_FILE)
  const name = `${writer}/open`
  const encoder = createFrameEncoder(name)
  const open = new Map<string, { readonly line: string; segment: number | undefined }>()
  let characters = 0
  let fileBytes = 0
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
  const framesOf = (lines: readonly string[]) =>
    Buffer.concat(lines.flatMap((line) => Buffer.from(encoder.encode('start', 0, line) ?? [])))
  const rewrite = () => {
    const bytes = framesOf([...open.values()].filter(({ segment }) => segment === undefined).map(({ line }) => line))
    writeFileSync(`${path}.new`, bytes, { mode: 0o600 })
    renameSync(`${path}.new`, path)
    fileBytes = bytes.length
  }
  for (const { line } of framesIn(path, name)) add(line, undefined)
  return {
    started: add,
    ended: (line) => remove(keyOf(line)),
    carry(segment) {
      const kept = [...open.values()].filter((start) => start.segment === segment)
      if (kept.length === 0) return
      for (const start of kept) start.segment = undefined
      if (fileBytes > SMALL_FILE && fileBytes > 2 * characters) return rewrite()
      const bytes = framesOf(kept.map(({ line }) => line))
      appendFileSync(path, bytes, { mode: 0o600 })
      fileBytes += bytes.length
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
    take: (status) => [...open.values()].map(({ line }) => withStatus(line, status)),
    clear() {
      open.clear()
      characters = 0
      fileBytes = 0
      rmSync(path, { force: true })
    },
  }
}

function framesIn(path: string, name: string) {
  try {
    return readFrames(readFileSync(path), 0, name, { isFinished: true }).frames
  } catch {
    return []
  }
}

// Every line that `toCallLine` writes begins with its id, which spares parsing it.
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
