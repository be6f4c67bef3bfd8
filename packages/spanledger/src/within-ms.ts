import { within } from '@spanledger/journal/time'

/** Resolves when the work is done, or when the time is over; rejects if the work does. */
export async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  await within(work, { ms, onLate: () => undefined })
}
