import type { CallFilter } from '@spanledger/store'
import { splitUserinfo } from '../destination/split-userinfo.ts'
import { type LedgerServer, databaseName } from '../destination/destination.ts'
import type { SpendReader, SpendTotals } from './spend-reader.ts'

const TIMEOUT_MS = 10_000
const MAX_OPEN = '1000'
const REQUESTS_AT_ONCE = 16

/** Asks a Spanledger server. Every method rejects with a sentence if it does not answer. */
export function createServerReader(server: LedgerServer): SpendReader {
  const name = databaseName({ ledgerUrl: splitUserinfo(server.ledgerUrl).url })
  const ask = async (path: string): Promise<Response> => {
    const response = await get(server, path).catch((error: unknown) => {
      throw new Error(`spend: ${name} does not answer; start it ("spanledger serve"), or correct SPANLEDGER_DATABASE`, {
        cause: error,
      })
    })
    if (response.status === 401 || response.status === 403) {
      throw new Error(`spend: ${name} refuses this token; set SPANLEDGER_TOKEN to one with the scope read`)
    }
    return response
  }
  const answerOf = async <Answer>(
    response: Response,
    read: (body: unknown) => Answer | undefined,
    what: string,
  ): Promise<Answer> => {
    const answer = response.ok ? read(await response.json().catch(() => undefined)) : undefined
    if (answer !== undefined) return answer
    throw new Error(`spend: ${name} answers ${response.status}, without ${what}; check that it is a Spanledger server`)
  }
  const isEnded = async (id: string): Promise<boolean> => {
    const response = await ask(`calls/${id}`)
    if (response.status === 404) return false
    return (await answerOf(response, statusIn, 'a call')) !== 'open'
  }
  return {
    totals: async (filter) => answerOf(await ask(`ai-usage/summary?${queryOf(filter)}`), totalsIn, 'sums of calls'),
    openIds: async (filter) =>
      answerOf(await ask(`calls?${queryOf({ ...filter, status: 'open' })}&limit=${MAX_OPEN}`), idsIn, 'calls'),
    async endedAmong(ids) {
      const ended = new Set<string>()
      for (let from = 0; from < ids.length; from += REQUESTS_AT_ONCE) {
        const asked = ids.slice(from, from + REQUESTS_AT_ONCE)
        const answers = await Promise.all(asked.map(isEnded))
        asked.forEach((id, index) => answers[index] === true && ended.add(id))
      }
      return ended
    },
    close: async () => {},
  }
}

function queryOf(filter: CallFilter): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.append(name, String(value))
  return query.toString()
}

function get({ ledgerUrl, token }: LedgerServer, path: string): Promise<Response> {
  const { url, headers } = splitUserinfo(ledgerUrl)
  return fetch(`${url.replace(/\/$/, '')}/api/${path}`, {
    headers: {
      ...headers,
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
}

// The server may not be a ledger, so every answer is looked at before it is used.
function totalsIn(answer: unknown): SpendTotals | undefined {
  const { totals } = (answer ?? {}) as { totals?: Partial<SpendTotals> } // see above
  if (totals === undefined || totals === null) return undefined
  const { calls, unpricedCalls, unknownUsageCalls, openCalls, costNanoUsd = null, totalTokens = null } = totals
  if (!isCount(calls) || !isCount(unpricedCalls) || !isCount(unknownUsageCalls) || !isCount(openCalls)) return undefined
  if ((costNanoUsd !== null && !isCount(costNanoUsd)) || (totalTokens !== null && !isCount(totalTokens)))
    return undefined
  return { calls, unpricedCalls, unknownUsageCalls, openCalls, costNanoUsd, totalTokens }
}

function idsIn(answer: unknown): readonly string[] | undefined {
  const { data } = (answer ?? {}) as { data?: unknown } // see above
  if (!Array.isArray(data)) return undefined
  return (data as readonly { id?: unknown; billable?: unknown }[]).flatMap(({ id, billable }) =>
    typeof id === 'string' && billable === 1 ? [id] : [],
  )
}

function statusIn(answer: unknown): string | undefined {
  const { status } = (answer ?? {}) as { status?: unknown } // see above
  return typeof status === 'string' ? status : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
