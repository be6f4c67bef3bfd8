import { errorMessageOf } from '@spanledger/core'
import { MalformedBody } from '../otlp/proto-cursor.ts'
import type { Refused } from './ingest.ts'
import type { IngestCounters } from './ingest-counters.ts'

/** Turns errors into answers. */
export interface IngestRefusals {
  /** Returns the answer to a failed request and counts its unstored calls. */
  of(error: unknown, unstored?: number): Refused
}

const DATABASE_REFUSED = 'the database could not store calls'

/** Creates refusals. `onProblem` is called with a sentence if the database failed. */
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
