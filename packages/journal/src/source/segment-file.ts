import { closeSync, fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { readBytes } from '../folder/read-bytes.ts'
import { type FrameLimits, type FrameList, readFrames } from '../frames/read-frames.ts'

/** A segment that is read, by its writer's process or by whoever adopted it. Methods throw what the file system throws. */
export interface SegmentFile {
  /** Bytes of it, so far. */
  size(): number
  /** The frames from an offset on, at most up to `end`; `isLast` says that nothing after `end` belongs to it. */
  read(from: number, end: number, limits: FrameLimits): FrameList
  /** What has been written reaches the disk. */
  sync(): void
  close(): void
}

/** As much is read at once; most batches lie in it. */
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
      // A frame larger than the window, or something that is none, whose end lies further on.
      if (list.frames.length > 0 || windowStart + window.length >= end) return list
      load(from, end - from)
      return readWindow(from, end, limits)
    },
    sync: () => fdatasyncSync(descriptor),
    close: () => closeSync(descriptor),
  }
}
