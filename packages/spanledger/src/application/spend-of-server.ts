import type { CallFilter, UsageTotals } from '@spanledger/store'
import { splitUserinfo } from '../destination/split-userinfo.ts'
import { type LedgerServer, databaseName } from '../destination/destination.ts'

/** The sums of calls that `spend` needs. */
export type SpendTotals = Pick<
  UsageTotals,
  'calls' | 'costNanoUsd' | 'totalTokens' | 'unpricedCalls' | 'unknownUsageCalls'
>

const TIMEOUT_MS = 10_000

/** Asks a Spanledger server for the sums of the calls of a filter. Rejects with a sentence if it does not answer. */
export async function totalsOfServer(server: LedgerServer, filter: CallFilter): Promise<SpendTotals> {
  const name = databaseName({ ledgerUrl: splitUserinfo(server.ledgerUrl).url })
  const response = await ask(server, filter).catch((error: unknown) => {
    throw new Error(`spend: ${name} does not answer; start it ("spanledger serve"), or correct SPANLEDGER_DATABASE`, {
      cause: error,
    })
  })
  if (response.status === 401 || response.status === 403) {
    throw new Error(`spend: ${name} refuses this token; set SPANLEDGER_TOKEN to one with the scope read`)
  }
  const totals = response.ok ? totalsIn(await response.json().catch(() => undefined)) : undefined
  if (totals === undefined)
    throw new Error(
      `spend: ${name} answers ${response.status}, without sums of calls; check that it is a Spanledger server`,
    )
  return totals
}

function ask({ ledgerUrl, token }: LedgerServer, filter: CallFilter): Promise<Response> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.append(name, String(value))
  const { url, headers } = splitUserinfo(ledgerUrl)
  return fetch(`${url.replace(/\/$/, '')}/api/ai-usage/summary?${query.toString()}`, {
    headers: {
      ...headers,
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
}

// The server may not be a ledger.
function totalsIn(answer: unknown): SpendTotals | undefined {
  const { totals } = (answer ?? {}) as { totals?: Partial<SpendTotals> } // looked at before it is used
  if (totals === undefined || totals === null) return undefined
  const { calls, unpricedCalls, unknownUsageCalls, costNanoUsd = null, totalTokens = null } = totals
  if (!isCount(calls) || !isCount(unpricedCalls) || !isCount(unknownUsageCalls)) return undefined
  if ((costNanoUsd !== null && !isCount(costNanoUsd)) || (totalTokens !== null && !isCount(totalTokens)))
    return undefined
  return { calls, unpricedCalls, unknownUsageCalls, costNanoUsd, totalTokens }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
