import { isError, toError } from '@spanledger/core'

// SQLite's result codes; the lowest byte of the extended code that node:sqlite reports.
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const TOOBIG = 18
const CONSTRAINT = 19
const MISMATCH = 20
const NOTADB = 26

const SENTENCES: ReadonlyMap<number, (path: string) => string> = new Map([
  [BUSY, (path) => `${path} was locked by another process for too long; try again, or find the process that holds it`],
  [
    LOCKED,
    (path) => `${path} was locked by another process for too long; try again, or find the process that holds it`,
  ],
  [
    READONLY,
    (path) => `${path} is not writable; give this user write access to it and its folder, or use another file`,
  ],
  [
    IOERR,
    (path) =>
      `The disk failed to read or write ${path}; check that it is mounted, healthy and not full, then try again`,
  ],
  [
    CORRUPT,
    (path) =>
      `${path} is damaged and was left unchanged; move it away together with its -wal and -shm files to start over, ` +
      'and recover its rows with "sqlite3 FILE .recover"',
  ],
  [FULL, (path) => `The disk of ${path} is full; free some space, then try again`],
  [CANTOPEN, (path) => `${path} cannot be opened; give this user access to it and its folder, or use another file`],
  [NOTADB, (path) => `${path} is not a SQLite database and was left unchanged; use another file`],
])

/** The error with a sentence that says what is wrong with the file and how to fix it, if SQLite reports a known code. */
export function withSentence(error: unknown, path: string): Error {
  const sentence = SENTENCES.get(resultCode(error) ?? -1)?.(path)
  if (sentence !== undefined) return new Error(sentence, { cause: error })
  return toError(error)
}

/** Whether the row caused the error, not the database: without this row the others can be written. */
export function isRowFault(error: unknown): boolean {
  const code = resultCode(error)
  return code === undefined || code === TOOBIG || code === CONSTRAINT || code === MISMATCH
}

function resultCode(error: unknown): number | undefined {
  const code = isError(error) && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}
