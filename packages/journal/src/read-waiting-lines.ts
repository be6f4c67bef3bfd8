import { isCode } from './folder/file-errors.ts'
import {
  type JournalDirectory,
  listDirectories,
  listSegments,
  segmentName,
  segmentPath,
} from './folder/journal-folder.ts'
import { openSegmentFile, readAllFrames } from './source/segment-file.ts'

/** A segment of a journal. */
export interface WaitingSegment {
  readonly writer: string
  readonly number: number
  /** The name under which a database remembers how much of it is stored. */
  readonly name: string
}

/**
 * Reads the lines of the ended calls in a journal folder, without what is stored already: `storedOf` returns how many bytes
 * of a segment are. Changes nothing. Files that disappear meanwhile have no lines. Throws if a file cannot be read.
 */
export function* readWaitingLines(
  folder: string,
  storedOf: (segment: WaitingSegment) => number,
): Generator<string, void, undefined> {
  for (const directory of listDirectories(folder)) {
    for (const number of listSegments(directory.path)) {
      const { writer } = directory
      yield* linesOf(directory, number, storedOf({ writer, number, name: segmentName(writer, number) }))
    }
  }
}

function linesOf({ path, writer }: JournalDirectory, number: number, from: number): readonly string[] {
  if (from === Infinity) return []
  let file
  try {
    file = openSegmentFile(segmentPath(path, number), segmentName(writer, number), false)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
  try {
    const { frames } = readAllFrames(file, from, file.size())
    return frames.flatMap(({ kind, line }) => (kind === 'call' ? [line] : []))
  } finally {
    file.close()
  }
}
