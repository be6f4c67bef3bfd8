import { renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type JournalDirectory, listForeignFiles, QUARANTINED_SUFFIX, segmentPath } from '../folder/journal-folder.ts'

/** Deletes a segment. No error if it is gone already. */
export function deleteSegment(directory: JournalDirectory, number: number): void {
  rmSync(segmentPath(directory.path, number), { force: true })
}

/** Puts a damaged segment aside, where nobody touches it again, and returns its new path. */
export function putSegmentAside(directory: JournalDirectory, number: number): string {
  return putAside(directory, segmentPath(directory.path, number))
}

/** Puts everything aside that ends like a segment and cannot be one. */
export function putForeignFilesAside(directory: JournalDirectory, onQuarantined: (file: string) => void): void {
  for (const name of listForeignFiles(directory.path)) onQuarantined(putAside(directory, join(directory.path, name)))
}

/** Deletes the directory, unless something lies in it that is not ours. */
export function deleteDirectory(directory: JournalDirectory): void {
  try {
    rmdirSync(directory.path)
  } catch {
    // Gone already, or not empty.
  }
}

function putAside({ path: directoryPath, writer }: JournalDirectory, path: string): string {
  const file = join(dirname(directoryPath), `${writer}.${basename(path)}${QUARANTINED_SUFFIX}`)
  renameSync(path, file)
  return file
}
