import { setImmediate } from 'node:timers'
import type { CallFilter } from '@spanledger/store'
import { parseTime } from '../cli/time.ts'
import { createServerReader } from './spend-of-server.ts'
import { spendPlaceOf } from './spend-place.ts'
import { openSpendReader } from './spend-reader.ts'
import { type Spend, sumSpend } from './sum-spend.ts'

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
   * Such as `file:usage.db`, `postgres://…` or `https://ledger.example.com`; by default what this process writes to, else
   * SPANLEDGER_DATABASE, else `file:.spanledger/usage.db`.
   */
  readonly database?: string | undefined
  /** For a Spanledger server, with the scope `read`; by default SPANLEDGER_TOKEN, else the token with which this process writes. */
  readonly token?: string | undefined
}

/**
 * The cost of a user, project, session …: `const { costUsd } = await spend({ userId, since: '24h' })`. It asks the database
 * or the server, and adds the calls of this process that are not stored yet. Without `database` it asks what `register`,
 * `--import spanledger/register` or `openUsageLog` has opened in this process, also before its file exists. Rejects with a
 * sentence if that fails, or if there is no such file and this process writes to none.
 */
export async function spend(options: SpendOptions = {}): Promise<Spend> {
  const filter = filterOf(options)
  const { destination, ledgers } = spendPlaceOf(options, process.env, process.cwd())
  await Promise.all(ledgers.map(({ flush }) => flush()))
  // A call that was made just before may start its span only on a later turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  const reader = 'ledgerUrl' in destination ? createServerReader(destination) : await openSpendReader(destination)
  try {
    return await sumSpend(reader, ledgers, filter)
  } finally {
    await reader.close()
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
