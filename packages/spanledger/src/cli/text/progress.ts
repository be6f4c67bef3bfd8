import { SingleBar } from 'cli-progress'

/** A progress bar on stderr. */
export interface Progress {
  advance(by: number): void
  stop(): void
}

const NONE: Progress = { advance: () => {}, stop: () => {} }

/** Shows progress in a format of `cli-progress`, or nothing unless `isShown`. Without a total only the count moves. */
export function createProgress(isShown: boolean, format: string, total = 0): Progress {
  if (!isShown) return NONE
  // Without `linewrap` a terminal would be left unable to wrap lines after Ctrl-C.
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, linewrap: true, etaBuffer: 100 })
  bar.start(total, 0)
  return { advance: (by) => bar.increment(by), stop: () => bar.stop() }
}
