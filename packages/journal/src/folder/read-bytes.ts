import { readSync } from 'node:fs'

/** Reads bytes of an open file from an offset on. Returns fewer than `length` only if the file ends before. */
export function readBytes(descriptor: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let read = 0
  while (read < length) {
    const count = readSync(descriptor, bytes, read, length - read, from + read)
    if (count === 0) break
    read += count
  }
  return bytes.subarray(0, read)
}
