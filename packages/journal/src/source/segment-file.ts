import { closeSync, fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { readBytes } from '../folder/read-bytes.ts'
import type { Frame } from '../frames/frame.ts'
import { type FrameLimits, type FrameList, readFrames } from '../frames/read-frames.ts'

/** A segment that is read, by the process that wrote it or by one that adopted it. Methods throw what the file system throws. */
export interface SegmentFile {
  /** How many bytes it has now. */
  size(): number
  /** Reads frames from an offset on, up to `end` at most. */
  read(from: number, end: number, limits: FrameLimits): FrameList
  /** Syncs what has been written to the disk. */
  sync(): void
  close(): void
}

/** How much is read at once. Most batches fit in it. */
const WINDOW_BYTES = 1024 * 1024

export function openSegmentFile(path: string, segment: string, isOwn: boolean): SegmentFile {
  // Not every system syncs a file that is open for reading only.
  const descriptor = openSync(path, isOwn ? 'r+' : 'r')
  let window: Buffer = Buffer.alloc(0)
  let windowStart = 0
  const load = (from: number, length: number) => {
    window = readBytes(descriptor, from, length)
    windowStart = from
  }
  const readWindow = (from: number, end: number, limits: FrameLimits) => {
    const isWhole = windowStart + window.length >= end
    const bytes = window.subarray(0, Math.min(window.length, end - windowStart))
    const list = readFrames(bytes, from - windowStart, segment, { ...limits, isFinished: isWhole })
    return { ...list, end: list.end + windowStart }
  }
  return {
    size: () => fstatSync(descriptor).size,
    read(from, end, limits) {
      const isInWindow = from >= windowStart && from < windowStart + window.length
      if (isInWindow) {
        const list = readWindow(from, end, limits)
        if (list.frames.length > 0) return list
      }
      load(from, Math.min(WINDOW_BYTES, end - from))
      const list = readWindow(from, end, limits)
      // A frame that is larger than the window, or damage that ends after it.
      if (list.frames.length > 0 || windowStart + window.length >= end) return list
      load(from, end - from)
      return readWindow(from, end, limits)
    },
    sync: () => fdatasyncSync(descriptor),
    close: () => closeSync(descriptor),
  }
}

/** Reads all frames between two offsets; `read` may stop earlier. */
export function readAllFrames(file: SegmentFile, from: number, end: number) {
  const frames: Frame[] = []
  let damages = 0
  for (let at = from; at < end;) {
    const list = file.read(at, end, {})
    if (list.end === at) break
    for (const frame of list.frames) frames.push(frame)
    damages += list.damages
    at = list.end
  }
  return { frames, damages }
}
