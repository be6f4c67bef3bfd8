import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPEN_STARTS_FILE } from '../folder/journal-folder.ts'
import { createFrameEncoder } from '../frames/frame.ts'
import { readFrames } from '../frames/read-frames.ts'

/** The file of starts that outlived their segment. Methods throw what the file system throws, except `read`. */
export interface OpenStartsFile {
  /** The lines in it. Empty if it cannot be read. */
  read(): readonly string[]
  append(lines: readonly string[]): void
  /** Replaces all lines. */
  rewrite(lines: readonly string[]): void
  /** How many bytes this process has put into it. */
  writtenBytes(): number
  delete(): void
}

export function createOpenStartsFile(directory: string, writer: string): OpenStartsFile {
  const path = join(directory, OPEN_STARTS_FILE)
  const name = `${writer}/open`
  const encoder = createFrameEncoder(name)
  let writtenBytes = 0
  // `encode` overwrites the bytes of the last frame, so each is copied.
  const toFrames = (lines: readonly string[]) =>
    Buffer.concat(lines.flatMap((line) => Buffer.from(encoder.encode('start', 0, line) ?? [])))
  return {
    read() {
      try {
        return readFrames(readFileSync(path), 0, name, { isFinished: true }).frames.map(({ line }) => line)
      } catch {
        return []
      }
    },
    append(lines) {
      const bytes = toFrames(lines)
      appendFileSync(path, bytes, { mode: 0o600 })
      writtenBytes += bytes.length
    },
    rewrite(lines) {
      const bytes = toFrames(lines)
      writeFileSync(`${path}.new`, bytes, { mode: 0o600 })
      renameSync(`${path}.new`, path)
      writtenBytes = bytes.length
    },
    writtenBytes: () => writtenBytes,
    delete() {
      writtenBytes = 0
      rmSync(path, { force: true })
    },
  }
}
