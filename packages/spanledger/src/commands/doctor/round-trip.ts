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
const POLL_MS = 250

/** A test span, and what its process wrote to stderr. */
export interface TestSpan {
  readonly probe: Probe
  readonly stderr: string
}

/** Waits until a test span is stored at the destination. */
export async function waitForRow(destination: Destination, { probe, stderr }: TestSpan): Promise<Finding> {
  const name = databaseName(destination)
  const answer = await answerWithin(() => answerOf(destination, probe.traceId))
  if (answer === 'stored') return good(`The test span was stored in ${name}`)
  if (answer === 'not allowed') return notAllowed(name, 'SPANLEDGER_TOKEN with the scope read or admin')
  return bad(
    `The test span was not stored in ${name} within ${WITHIN_MS / 1000} s`,
    stderr === '' ? 'no error was reported' : stderr,
    'Check that SPANLEDGER_DATABASE names this database, that its journal can be written, and that the application has a UsageSpanProcessor',
  )
}

/** Waits for the test span at the OTLP endpoint; no finding if the span was not sampled. */
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
        'Fix what is reported for the endpoint above and try again',
      ),
    ]
  }
  const ledger = url.replace(/\/v1\/traces$/, '')
  const asked = { ...bearer(tokenFor(url, destination)), ...headers }
  const answer = protocol === 'grpc' ? 'no ledger' : await answerWithin(() => askLedger(ledger, probe.traceId, asked))
  if (answer === 'stored') return [good(`The test span reached ${ledger} over OTLP`)]
  if (answer === 'not allowed') return [notAllowed(ledger, 'OTEL_EXPORTER_OTLP_HEADERS with one of the scope admin')]
  if (answer === 'no ledger')
    return [good(`The test span was sent to ${url}; that it arrived cannot be checked from here`)]
  return [
    bad(
      `The test span did not reach ${ledger} over OTLP within ${WITHIN_MS / 1000} s`,
      'the setup of this application sends its spans elsewhere, or not at all',
      'Check that it has a BatchSpanProcessor with an OTLPTraceExporter, and that the exporter has no URL of its own',
    ),
  ]
}

// The token belongs to the ledger: an endpoint on another host, such as a vendor's, must not receive it.
function tokenFor(url: string, destination: Destination): string | undefined {
  if (!('ledgerUrl' in destination)) return undefined
  return new URL(destination.ledgerUrl).origin === new URL(url).origin ? destination.token : undefined
}

function notAllowed(name: string, fit: string): Finding {
  return unknown(
    `Cannot check whether the test span reached ${name}: the token has no right to read`,
    `Set one that has: ${fit}`,
  )
}

async function answerWithin(ask: () => Promise<LedgerAnswer>): Promise<LedgerAnswer> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const answer = await ask()
    if (answer !== 'absent' || waitedMs >= WITHIN_MS) return answer
    await sleep(POLL_MS)
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
