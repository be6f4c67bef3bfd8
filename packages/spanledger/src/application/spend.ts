import { existsSync } from 'node:fs'
import type { CallFilter } from '@spanledger/store'
import { parseTime } from '../cli/time.ts'
import { parseDestination } from '../destination/destination.ts'
import { readSettings } from '../settings.ts'
import { type SpendTotals, totalsOfServer } from './spend-of-server.ts'

/** Whose calls are counted, and since when. Every condition that is given must hold. */
export interface SpendOptions {
  readonly userId?: string | undefined
  readonly projectId?: string | undefined
  readonly sessionId?: string | undefined
  readonly companyId?: string | undefined
  readonly taskId?: string | undefined
  readonly operation?: string | undefined
  readonly model?: string | undefined
  readonly tag?: string | undefined
  /** `24h`, `7d`, `2026-11-01` (in `timeZone`), epoch milliseconds or a Date; all calls if not given. */
  readonly since?: string | number | Date | undefined
  /** IANA name; UTC if not given. */
  readonly timeZone?: string | undefined
  /**
   * Such as `file:usage.db`, `postgres://…` or `https://ledger.example.com`; that of `register` if not given
   * (SPANLEDGER_DATABASE, else `file:.spanledger/usage.db`).
   */
  readonly database?: string | undefined
  /** Of a Spanledger server, with the scope `read`; SPANLEDGER_TOKEN if not given. */
  readonly token?: string | undefined
}

/** What calls have cost, as far as it is known. */
export interface Spend {
  /** USD; 0 where no call has a known cost. */
  readonly costUsd: number
  /** The same, exact. */
  readonly costNanoUsd: number
  readonly calls: number
  readonly totalTokens: number
  /** Calls that are in `calls` but whose cost nobody knows: while there are some, `costUsd` is too low. */
  readonly unknownCostCalls: number
}

/**
 * What somebody has spent: `const { costUsd } = await spend({ userId, since: '24h' })`. Asks the database or the server, so
 * calls count from some hundred milliseconds after their end. Rejects with a sentence if it cannot be asked; a file that is
 * not there yet holds no calls.
 */
export async function spend(options: SpendOptions = {}): Promise<Spend> {
  const settings = readSettings({ database: options.database }, process.env)
  const place = parseDestination(settings.database, process.cwd(), options.token ?? settings.token)
  const filter = filterOf(options)
  if ('ledgerUrl' in place) return toSpend(await totalsOfServer(place, filter))
  if ('path' in place && !existsSync(place.path)) return toSpend(NOTHING)
  // Most applications never ask, and should not load a database for that.
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

// An undefined user is a mistake of the caller's, and would count everybody's calls.
function filterOf(options: SpendOptions): CallFilter {
  const { userId, projectId, sessionId, companyId, taskId, operation, model, tag } = options
  for (const name of ['userId', 'projectId', 'sessionId', 'companyId', 'taskId'] as const) {
    if (name in options && (typeof options[name] !== 'string' || options[name] === '')) {
      throw new TypeError(`spend: ${name} is ${JSON.stringify(options[name])}; give an id, or leave it out`)
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
