import { type Frame, FRAME_MAGIC, isMagicSoFar, readFrame, seedOf } from './frame.ts'

/** What some bytes of a segment hold. */
export interface FrameList {
  readonly frames: readonly Frame[]
  /** Offset up to which everything has been read; what follows is no frame, or not yet one. */
  readonly end: number
  /** The bytes at `end` are the beginning of a frame that may still be written, or never was: a torn tail. */
  readonly isTorn: boolean
  /** Stretches that hold no frame although frames follow: bits have flipped there. */
  readonly damages: number
}

/** Limits of one reading. */
export interface FrameLimits {
  readonly maxFrames?: number | undefined
  readonly maxBytes?: number | undefined
  /**
   * Nobody writes to these bytes any more, and they are all that is left of the segment. Only then can what is not a frame
   * be told from what is not yet one: it is skipped up to the next frame, each of which stands for itself.
   */
  readonly isFinished?: boolean | undefined
}

/** Reads the frames of a segment from an offset on. Never throws, whatever the bytes are. */
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

// After a power cut a file may be longer than what reached the disk of it: its last blocks are zeros.
function isUnwritten(bytes: Buffer, from: number): boolean {
  return bytes.at(-1) === 0 && (bytes[from] === 0 || isMagicSoFar(bytes, from))
}
