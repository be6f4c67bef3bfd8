import { type Frame, FRAME_MAGIC, isMagicSoFar, readFrame, seedOf } from './frame.ts'

/** The frames in some bytes of a segment. */
export interface FrameList {
  readonly frames: readonly Frame[]
  /** The offset up to which everything has been read. What follows is not a frame, or not yet. */
  readonly end: number
  /** The bytes end with a frame that is not whole: it may still be written, or its writer has died. */
  readonly isTorn: boolean
  /** How many parts are not frames although frames follow: bits have flipped there. */
  readonly damages: number
}

/** How much to read at once. */
export interface FrameLimits {
  readonly maxFrames?: number | undefined
  readonly maxBytes?: number | undefined
  /**
   * These bytes are the whole rest of the segment, and it is no longer written to. Only then is it certain
   * that bytes without a frame will never become one, and they are skipped up to the next frame.
   */
  readonly isFinished?: boolean | undefined
}

/** Reads the frames of a segment, from an offset on. Never throws, whatever the bytes are. */
export function readFrames(bytes: Buffer, from: number, segment: string, limits: FrameLimits = {}): FrameList {
  const { maxFrames = Infinity, maxBytes = Infinity, isFinished = false } = limits
  const seed = seedOf(segment)
  const frames: Frame[] = []
  let end = from
  let damages = 0
  while (end < bytes.length && frames.length < maxFrames && end - from < maxBytes) {
    const frame = readFrame(bytes, end, seed)
    if (typeof frame === 'object') {
      frames.push(frame)
      end = frame.end
      continue
    }
    if (!isFinished) return { frames, end, isTorn: true, damages }
    const next = nextFrameAt(bytes, end + 1, seed)
    if (next !== undefined) {
      damages += 1
      end = next
      continue
    }
    const isTorn = frame === 'short' || isUnwritten(bytes, end)
    return { frames, end: bytes.length, isTorn, damages: damages + (isTorn ? 0 : 1) }
  }
  return { frames, end, isTorn: false, damages }
}

function nextFrameAt(bytes: Buffer, from: number, seed: number): number | undefined {
  for (let at = bytes.indexOf(FRAME_MAGIC, from); at !== -1; at = bytes.indexOf(FRAME_MAGIC, at + 1)) {
    if (typeof readFrame(bytes, at, seed) === 'object') return at
  }
  return undefined
}

// After a power cut a file may be longer than what has reached the disk: then its last blocks are zeros.
function isUnwritten(bytes: Buffer, from: number): boolean {
  return bytes.at(-1) === 0 && (bytes[from] === 0 || isMagicSoFar(bytes, from))
}
