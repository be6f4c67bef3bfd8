/** Returns a hash of the bytes from `start` to `end`. */
export type ByteHash = (start: number, end: number) => number

/** Hashes parts of a body with a random seed, so that a sender cannot choose colliding texts. */
export function createByteHash(body: Buffer): ByteHash {
  const multiplier = Math.floor(Math.random() * 2 ** 32) | 1
  return (start, end) => {
    let hash = end - start
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (hash >>> 15) ^ (body[at] ?? 0), multiplier)
    return hash
  }
}
