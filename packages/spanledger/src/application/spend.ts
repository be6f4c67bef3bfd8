import { existsSync } from 'node:fs'
import type { CallFilter } from '@spanledger/store'
import { parseTime } from '../cli/time.ts'
import { parseDestination } from '../destination/destination.ts'
import { readSettings } from '../settings.ts'
import { type SpendTotals, totalsOfServer } from './spend-of-server.ts'

/** Which calls are counted. A call must match every condition that is set. */
export interface SpendOptions {
  readonly userId?: string | undefined
  readonly projectId?: string | undefined
  readonly sessionId?: string | undefined
  readonly companyId?: string | undefined
  readonly taskId?: string | undefined
  readonly operation?: string | undefined
  readonly model?: string | undefined
  readonly tag?: string | undefined
  /** `24h`, `7d`, `2026-11-01` (in `timeZone`), epoch milliseconds or a Date; all calls by default. */
  readonly since?: string | number | Date | undefined
  /** IANA name; UTC by default. */
  readonly timeZone?: string | undefined
  /**
   * Such as `file:usage.db`, `postgres://…` or `https://ledger.example.com`; by default the same as for `register`
   * (SPANLEDGER_DATABASE, else `file:.spanledger/usage.db`).
   */
  readonly database?: string | undefined
  /** For a Spanledger server, with the scope `read`; SPANLEDGER_TOKEN by default. */
  readonly token?: string | undefined
}

/** The known cost of calls. */
export interface Spend {
  /** USD; 0 if no call has a known cost. */
  readonly costUsd: number
  /** The same, exact. */
  readonly costNanoUsd: number
  readonly calls: number
  readonly totalTokens: number
  /** Calls of unknown cost, included in `calls`: if there are any, `costUsd` is too low. */
  readonly unknownCostCalls: number
}

/**
 * The cost of a user, project, session …: `const { costUsd } = await spend({ userId, since: '24h' })`. It asks the database
 * or the server, so a call counts a few hundred milliseconds after its end. Rejects with a sentence if that fails; a
 * database file that does not exist yet has no calls.
 */
export async function spend(options: SpendOptions = {}): Promise<Spend> {
  const settings = readSettings({ database: options.database }, process.env)
  const place = parseDestination(settings.database, process.cwd(), options.token ?? settings.token)
  const filter = filterOf(options)
  if ('ledgerUrl' in place) return toSpend(await totalsOfServer(place, filter))
  if ('path' in place && !existsSync(place.path)) return toSpend(NOTHING)
  // Imported here: most applications never need it.
  const { openStore } = await import('@spanledger/store')
  const store = await openStore({ ...('path' in place ? { path: place.path } : place), readOnly: true })
  try {
    return toSpend(await store.summary(filter))
  } finally {
    await store.close()
  }
}

const NOTHING: SpendTotals = { calls: 0, costNanoUsd: null, totalTokens: null, unpricedCalls: 0, unknownUsageCalls: 0 }

function toSpend(totals: SpendTotals): Spend {
  const costNanoUsd = totals.costNanoUsd ?? 0
  return {
    costUsd: costNanoUsd / 1e9,
    costNanoUsd,
    calls: totals.calls,
    totalTokens: totals.totalTokens ?? 0,
    unknownCostCalls: totals.unpricedCalls + totals.unknownUsageCalls,
  }
}

// An undefined id is a mistake of the caller, and would count the calls of all users.
function filterOf(options: SpendOptions): CallFilter {
  const { userId, projectId, sessionId, companyId, taskId, operation, model, tag } = options
  for (const name of ['userId', 'projectId', 'sessionId', 'companyId', 'taskId'] as const) {
    if (name in options && (typeof options[name] !== 'string' || options[name] === '')) {
      throw new TypeError(`spend: ${name} is ${JSON.stringify(options[name])}; pass an id, or leave it out`)
    }
  }
  return {
    from: timeOf(options),
    user: userId,
    project: projectId,
    session: sessionId,
    company: companyId,
    task: taskId,
    operation,
    model,
    tag,
  }
}

function timeOf({ since, timeZone = 'UTC' }: SpendOptions): number | undefined {
  if (since === undefined) return undefined
  if (typeof since === 'string') {
    return parseTime(since, { option: 'since', edge: 'start', timeZone, now: Date.now() })
  }
  const time = Number(since)
  if (Number.isFinite(time)) return Math.max(0, time)
  throw new TypeError('spend: since must be a time; use "24h", "7d", "2026-11-01", epoch milliseconds or a Date')
}
