import { openStore } from '@spanledger/store'
import { setTimeout as sleep } from 'node:timers/promises'
import { openingOf } from '../../cli/database.ts'
import { databaseName, type Destination } from '../../destination/destination.ts'
import { askLedger, bearer, type LedgerAnswer } from './ask-ledger.ts'
import { bad, type Finding, good, unknown } from './check.ts'
import type { OtlpRequest } from './otlp-request.ts'
import type { Probe } from './probe.ts'
import { hidePasswords } from '../../destination/split-userinfo.ts'

const WITHIN_MS = 15_000
const LOOK_EVERY_MS = 250

/** A test span that was made, and what was said meanwhile. */
export interface TestSpan {
  readonly probe: Probe
  readonly said: string
}

/** Waits for the row of a test span. */
export async function waitForRow(destination: Destination, { probe, said }: TestSpan): Promise<Finding> {
  const name = databaseName(destination)
  const answer = await answerWithin(() => answerOf(destination, probe.traceId))
  if (answer === 'stored') return good(`A test span came through to ${name}`)
  if (answer === 'not allowed') return notAllowed(name, 'SPANLEDGER_TOKEN with the scope read or admin')
  return bad(
    `A test span did not come through to ${name} within ${WITHIN_MS / 1000} s`,
    said === '' ? 'nothing was said about it' : said,
    'See whether SPANLEDGER_DATABASE names this database, whether its journal can be written, and whether the processors of the application have a UsageSpanProcessor',
  )
}

/** Waits for the test span at the other end of OTLP; nothing where none of it was to be sent. */
export async function waitAtEndpoint(
  { url, protocol, headers }: OtlpRequest,
  { probe, destination }: { readonly probe: Probe; readonly destination: Destination },
): Promise<readonly Finding[]> {
  if (!probe.isSampled) return []
  const [problem] = probe.problems
  if (problem !== undefined) {
    return [
      bad(
        'The test span could not be sent over OTLP',
        hidePasswords(problem).slice(0, 300),
        'Mend what is said of the endpoint above, then try again',
      ),
    ]
  }
  const ledger = url.replace(/\/v1\/traces$/, '')
  const asked = { ...bearer(tokenFor(url, destination)), ...headers }
  const answer = protocol === 'grpc' ? 'no ledger' : await answerWithin(() => askLedger(ledger, probe.traceId, asked))
  if (answer === 'stored') return [good(`The test span came through to ${ledger} over OTLP`)]
  if (answer === 'not allowed') return [notAllowed(ledger, 'OTEL_EXPORTER_OTLP_HEADERS with one of the scope admin')]
  if (answer === 'no ledger')
    return [good(`The test span was sent to ${url}; what becomes of it there cannot be seen from here`)]
  return [
    bad(
      `The test span did not come through to ${ledger} over OTLP within ${WITHIN_MS / 1000} s`,
      'the set-up of this application sends its spans elsewhere, or not at all',
      'See whether it has a BatchSpanProcessor with an OTLPTraceExporter, and no address of its own in it',
    ),
  ]
}

// The token is that of the ledger. An endpoint elsewhere, such as a vendor's, must not see it.
function tokenFor(url: string, destination: Destination): string | undefined {
  if (!('ledgerUrl' in destination)) return undefined
  return new URL(destination.ledgerUrl).origin === new URL(url).origin ? destination.token : undefined
}

function notAllowed(name: string, fit: string): Finding {
  return unknown(
    `Whether the test span came through to ${name} is not known: the token may not read`,
    `Give doctor one that may: ${fit}`,
  )
}

async function answerWithin(ask: () => Promise<LedgerAnswer>): Promise<LedgerAnswer> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const answer = await ask()
    if (answer !== 'absent' || waitedMs >= WITHIN_MS) return answer
    await sleep(LOOK_EVERY_MS)
  }
}

async function answerOf(destination: Destination, traceId: string): Promise<LedgerAnswer> {
  if ('ledgerUrl' in destination) {
    const answer = await askLedger(destination.ledgerUrl, traceId, bearer(destination.token))
    return answer === 'no ledger' ? 'absent' : answer
  }
  try {
    const store = await openStore({ ...openingOf(destination), readOnly: true })
    try {
      return (await store.calls({ trace: traceId }, { limit: 1 })).calls.length > 0 ? 'stored' : 'absent'
    } finally {
      await store.close()
    }
  } catch {
    return 'absent' // not there yet
  }
}
