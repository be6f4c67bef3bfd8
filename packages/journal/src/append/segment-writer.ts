import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { createFrameEncoder, type FrameKind } from '../frames/frame.ts'
import { isCode } from '../folder/file-errors.ts'
import { segmentName, segmentPath } from '../folder/journal-folder.ts'

/** A segment that this process writes. Every method may throw what the file system throws. */
export interface SegmentWriter {
  readonly number: number
  /** Bytes of whole frames so far. */
  size(): number
  /** Appends a frame and gives its size; nothing if the line is too long. After an error no part of it remains. */
  append(kind: FrameKind, line: string): number | undefined
  /** False when the file at its path is another one, or none: somebody has adopted it. */
  isInPlace(): boolean
  /** No frame can be appended behind what an error has left. */
  isBroken(): boolean
  close(): void
}

export interface SegmentWriterOptions {
  readonly directory: string
  readonly writer: string
  readonly number: number
  /** Every frame reaches the disk before `append` returns. */
  readonly isSynced: boolean
}

export function createSegmentWriter({ directory, writer, number, isSynced }: SegmentWriterOptions): SegmentWriter {
  const path = segmentPath(directory, number)
  const descriptor = openSync(path, 'ax', 0o600)
  const { ino } = fstatSync(descriptor)
  if (isSynced) {
    try {
      syncFolders(directory)
    } catch (error) {
      // Left behind it would be in the way of the next attempt under this name, for ever.
      closeSync(descriptor)
      unlinkSync(path)
      throw error
    }
  }
  const encoder = createFrameEncoder(segmentName(writer, number))
  let sequence = 0
  let size = 0
  let isBroken = false
  const takeBack = () => {
    try {
      ftruncateSync(descriptor, size)
    } catch {
      isBroken = true
    }
  }
  return {
    number,
    size: () => size,
    append(kind, line) {
      const frame = encoder.encode(kind, sequence, line)
      if (frame === undefined) return undefined
      try {
        for (let written = 0; written < frame.length;) written += writeSync(descriptor, frame, written)
      } catch (error) {
        takeBack()
        throw error
      }
      if (isSynced) {
        try {
          fdatasyncSync(descriptor)
        } catch (error) {
          // The kernel tells of a failed sync once and calls the pages clean: no later sync of this file can be believed.
          isBroken = true
          takeBack()
          throw error
        }
      }
      sequence += 1
      size += frame.length
      return frame.length
    },
    isInPlace() {
      try {
        return statSync(path).ino === ino
      } catch {
        return false
      }
    },
    isBroken: () => isBroken,
    close: () => closeSync(descriptor),
  }
}

// A file that is on the disk is not found again if the names that lead to it are not.
function syncFolders(directory: string): void {
  for (const folder of [directory, dirname(directory), dirname(dirname(directory))]) {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } catch (error) {
      // Windows has no such thing.
      if (!isCode(error, 'EPERM')) throw error
    } finally {
      closeSync(descriptor)
    }
  }
}
