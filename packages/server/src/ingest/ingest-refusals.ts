import { errorMessageOf } from '@spanledger/core'
import { MalformedBody } from '../otlp/proto-cursor.ts'
import type { Refused } from './ingest.ts'
import type { IngestCounters } from './ingest-counters.ts'

/** Turns errors into answers. */
export interface IngestRefusals {
  /** The answer to a request that failed, with so many calls that had been received and are not stored. */
  of(error: unknown, unstored?: number): Refused
}

const DATABASE_REFUSED = 'the database could not take calls'

/** Makes refusals that are counted. `onProblem` is told a sentence when the database is at fault. */
export function createIngestRefusals(
  counters: IngestCounters,
  onProblem: ((sentence: string) => void) | undefined,
): IngestRefusals {
  return {
    of(error, unstored = 0) {
      if (error instanceof MalformedBody) {
        counters.refused(error.message, 0)
        return { kind: 'malformed', message: error.message }
      }
      const message = errorMessageOf(error)
      onProblem?.(`Calls could not be stored: ${message}`)
      counters.refused(DATABASE_REFUSED, unstored)
      return { kind: 'unavailable', message }
    },
  }
}
