import { fstatSync } from 'node:fs'
import { readBytes } from '../folder/read-bytes.ts'
import { parseLetters } from './dead-letter.ts'
import { createLineHashes, hashOfLine } from './line-hashes.ts'

/** Remembers which lines the file of dead letters holds. Other processes write to the same file. */
export interface KnownLetters {
  /** Reads what was added to the file since the last call. True if its last line is half written. */
  catchUp(descriptor: number): boolean
  add(hash: string): void
  has(hash: string): boolean
  /** The next `catchUp` reads the file from its beginning. */
  readAgain(): void
}

const NEWLINE = 0x0a
const PIECE_BYTES = 1024 * 1024
// Many times what one segment can hold. A call that is refused again after this many others gets a second letter.
const MAX_HASHES = 200_000

/** `onPiece` is called after each piece of the file that was read. */
export function createKnownLetters(onPiece: () => void): KnownLetters {
  const hashes = createLineHashes(MAX_HASHES)
  let ino: number | undefined
  let readTo = 0
  const readNext = (descriptor: number, end: number): { readonly isTorn: boolean } => {
    for (let pieceBytes = PIECE_BYTES; readTo < end;) {
      const bytes = readBytes(descriptor, readTo, Math.min(end - readTo, pieceBytes))
      const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1
      if (wholeBytes === 0 && bytes.length < pieceBytes) return { isTorn: bytes.length > 0 }
      for (const { line } of parseLetters(bytes.subarray(0, wholeBytes).toString())) hashes.add(hashOfLine(line))
      readTo += wholeBytes
      // A letter may be longer than a piece.
      pieceBytes = wholeBytes === 0 ? pieceBytes * 2 : PIECE_BYTES
      onPiece()
    }
    return { isTorn: false }
  }
  return {
    catchUp(descriptor) {
      const stats = fstatSync(descriptor)
      // A requeue has taken the old file away.
      if (stats.ino !== ino || stats.size < readTo) {
        hashes.clear()
        readTo = 0
        ino = stats.ino
      }
      return readNext(descriptor, stats.size).isTorn
    },
    add: hashes.add,
    has: hashes.has,
    readAgain() {
      ino = undefined
    },
  }
}
