import type { JournalSource } from '../source/journal-source.ts'

/** Sources by a key. The first that was added is delivered first. */
export interface SourceSet {
  has(key: string): boolean
  add(key: string, source: JournalSource): void
  /** Delivers one batch, of the first source that has one. False if none has. Sources that are finished leave the set. */
  deliverNext(): Promise<boolean>
  /** Deletes the oldest segment, of the first source that can spare one. False if none can. */
  dropOldest(): Promise<boolean>
  all(): Iterable<JournalSource>
  /** Closes all sources; they stay in the set. */
  close(): void
}

export interface SourceSetOptions {
  /** More may be written to this source: it stays, although it is empty now. */
  readonly isGrowing: (key: string) => boolean
  /** A source has left the set: it was empty, or another process has adopted it. */
  readonly onLeft: (key: string, outcome: 'empty' | 'gone') => void
}

export function createSourceSet({ isGrowing, onLeft }: SourceSetOptions): SourceSet {
  const sources = new Map<string, JournalSource>()
  return {
    has: (key) => sources.has(key),
    add: (key, source) => void sources.set(key, source),
    async deliverNext() {
      for (const [key, source] of sources) {
        const outcome = await source.deliverNext()
        if (outcome === 'delivered') return true
        if (outcome === 'empty' && isGrowing(key)) continue
        if (outcome === 'empty') await source.finish('crashed')
        source.close()
        sources.delete(key)
        onLeft(key, outcome)
      }
      return false
    },
    async dropOldest() {
      for (const source of sources.values()) if (await source.dropOldest()) return true
      return false
    },
    all: () => sources.values(),
    close() {
      for (const source of sources.values()) source.close()
    },
  }
}
