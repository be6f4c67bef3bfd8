// The file format of a journal, for what reads or writes its segments without a journal.
export { createFrameEncoder, FRAME_OVERHEAD_BYTES, MAX_LINE_BYTES } from './frame.ts'
export { readFrames } from './read-frames.ts'
