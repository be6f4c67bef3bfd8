import { createHash } from 'node:crypto'

/** Hashes of the newest lines. Older ones are forgotten, so that memory stays small. */
export interface LineHashes {
  add(hash: string): void
  has(hash: string): boolean
  clear(): void
}

export function createLineHashes(maxHashes: number): LineHashes {
  const hashes = new Set<string>()
  return {
    add(hash) {
      hashes.add(hash)
      if (hashes.size <= maxHashes) return
      for (const oldest of hashes) {
        hashes.delete(oldest)
        break
      }
    },
    has: (hash) => hashes.has(hash),
    clear: () => hashes.clear(),
  }
}

/** A short key that stands for a line. */
export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('base64')
}
