import { clearInterval, setInterval } from 'node:timers'

import type { Reporter } from '../../reporter.ts'
import type { DrainedJournal } from './drained-journal.ts'

export interface JournalSupervisorOptions {
  readonly drained: DrainedJournal
  readonly folder: string
  readonly maxBytes: number
  readonly reporter: Reporter
}

const SUPERVISE_MS = 1_000
const NEARLY_FULL = 0.8

/** Checks a journal and its thread once a second. Returns the function that stops it. */
export function superviseJournal({ drained, folder, maxBytes, reporter }: JournalSupervisorOptions): () => void {
  const supervise = () => {
    drained.thread()?.supervise()
    drained.look()
    const bytes = drained.journal.usedBytes()
    if (bytes < maxBytes * NEARLY_FULL) return
    const percent = Math.round((bytes / maxBytes) * 100)
    reporter.warn('journal-nearly-full', `the journal ${folder} is ${percent} % full; the database cannot keep up`)
  }
  const timer = setInterval(supervise, SUPERVISE_MS)
  timer.unref()
  return () => clearInterval(timer)
}
