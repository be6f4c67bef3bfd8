/** What happened to the files of a writer: another process took them over, or the journal was removed. */
export type Fate = 'adopted' | 'removed'

/** Counts the calls in the files of each writer, and records what happened to those files. */
export interface WriterFates {
  /** From now on calls are appended to files of this writer. */
  start(writer: string): void
  /** A call was appended. */
  appended(): void
  /** The outcome of `count` more calls of a writer is known. */
  accounted(writer: string, count: number): void
  /** Writers with calls whose outcome is unknown. */
  unaccounted(): readonly string[]
  /** Sets what happened to the files of a writer; undefined if they are still there. */
  found(writer: string, fate: Fate | undefined): void
  fateOf(writer: string): Fate | undefined
  /** Calls without an outcome in files with this fate. */
  count(fate: Fate): number
}

interface WriterCalls {
  appended: number
  accounted: number
  fate: Fate | undefined
}

/** Makes counts without writers. */
export function createWriterFates(): WriterFates {
  const writers = new Map<string, WriterCalls>()
  let current: WriterCalls | undefined
  return {
    start(writer) {
      current = { appended: 0, accounted: 0, fate: undefined }
      writers.set(writer, current)
    },
    appended() {
      if (current !== undefined) current.appended += 1
    },
    accounted(writer, count) {
      const calls = writers.get(writer)
      if (calls !== undefined) calls.accounted += count
    },
    unaccounted: () => [...writers].flatMap(([writer, calls]) => (leftOf(calls) > 0 ? [writer] : [])),
    found(writer, fate) {
      const calls = writers.get(writer)
      if (calls !== undefined) calls.fate = fate
    },
    fateOf: (writer) => writers.get(writer)?.fate,
    count(fate) {
      let count = 0
      for (const calls of writers.values()) if (calls.fate === fate) count += leftOf(calls)
      return count
    },
  }
}

function leftOf({ appended, accounted }: WriterCalls): number {
  return Math.max(0, appended - accounted)
}
