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

/** A segment that this process writes. Methods throw what the file system throws. */
export interface SegmentWriter {
  readonly number: number
  /** Bytes of whole frames so far. */
  size(): number
  /** Appends a frame and returns its size; undefined if the line is too long. After an error no part of it remains. */
  append(kind: FrameKind, line: string): number | undefined
  /** False if the file is no longer at its path: another process has adopted it. */
  isInPlace(): boolean
  /** No frame may be appended any more, because an error has left something at the end. */
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
  const descriptor = openNew(path, isSynced)
  const { ino } = fstatSync(descriptor)
  const encoder = createFrameEncoder(segmentName(writer, number))
  let sequence = 0
  let size = 0
  let isBroken = false
  // Removes what was written of a frame.
  const takeBack = () => {
    try {
      ftruncateSync(descriptor, size)
    } catch {
      isBroken = true
    }
  }
  const sync = () => {
    try {
      fdatasyncSync(descriptor)
    } catch (error) {
      // The kernel reports a failed sync once and then calls the pages clean: no later sync of this file can be trusted.
      isBroken = true
      throw error
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
        if (isSynced) sync()
      } catch (error) {
        takeBack()
        throw error
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

function openNew(path: string, isSynced: boolean): number {
  const descriptor = openSync(path, 'ax', 0o600)
  if (!isSynced) return descriptor
  try {
    syncFolders(dirname(path))
    return descriptor
  } catch (error) {
    // The next attempt uses the same name, which must be free.
    closeSync(descriptor)
    unlinkSync(path)
    throw error
  }
}

// A file that has reached the disk is found only if the names of its folders have reached it too.
function syncFolders(directory: string): void {
  for (const folder of [directory, dirname(directory), dirname(dirname(directory))]) {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } catch (error) {
      // Windows cannot sync a folder.
      if (!isCode(error, 'EPERM')) throw error
    } finally {
      closeSync(descriptor)
    }
  }
}
