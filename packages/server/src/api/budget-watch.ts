import type { BudgetState, BudgetWarning, Store } from '@spanledger/store'

/** What is told when a budget has used up 50, 80 or 95 percent. */
export interface BudgetMessage {
  readonly type: 'budget_warning'
  readonly percent: BudgetWarning
  readonly budget: {
    readonly id: string
    readonly name: string
    readonly scope: BudgetState['scope']
    readonly period: BudgetState['period']
    readonly tz: string
  }
  readonly limitUsd: number
  readonly spentUsd: number
  /** Epoch milliseconds. */
  readonly periodStart: number
  readonly periodEnd: number
}

export interface BudgetWatchOptions {
  readonly store: Pick<Store, 'budgets' | 'takeWarning' | 'holdWarning' | 'settleWarning'>
  /** How often budgets are looked at; a minute if not given. */
  readonly intervalMs?: number | undefined
  /** How long to wait before each further attempt to tell a webhook; five of them if not given. */
  readonly retryDelaysMs?: readonly number[] | undefined
  /** How long a webhook may take to answer; ten seconds if not given. */
  readonly attemptMs?: number | undefined
  /** Hears of every warning, also of budgets without a webhook. */
  readonly onWarning?: ((message: BudgetMessage) => void) | undefined
  /** Hears what could not be read or told. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Watches budgets until it is closed. */
export interface BudgetWatch {
  /** Looks at all budgets now; resolves when everybody was told, or could not be. Never rejects. */
  check(): Promise<void>
  /** Gives up what is under way. Idempotent. */
  close(): Promise<void>
}

const MINUTE_MS = 60_000
const RETRY_DELAYS_MS = [1000, 5000, 30_000, 120_000, 600_000]
const ATTEMPT_MS = 10_000
const WARNINGS: readonly BudgetWarning[] = [95, 80, 50]

/**
 * Tells webhooks when a budget is nearly used up: the highest of 50, 80 and 95 percent that is reached, once a period,
 * also where several servers watch. Who takes a warning tells it, with further attempts; the database knows of it, so that
 * the next one goes on where a server died or was closed. One that died between the webhook's answer and the note of it
 * has it told a second time.
 *
 * A webhook is any http or https address that an admin named, also one of this machine's network: the body says nothing
 * but the budget, redirects are not followed, and the answer is not read.
 */
export function createBudgetWatch(options: BudgetWatchOptions): BudgetWatch {
  const { store, intervalMs = MINUTE_MS, retryDelaysMs = RETRY_DELAYS_MS, onWarning, onError = () => {} } = options
  const { attemptMs = ATTEMPT_MS } = options
  // An answer may come at the last moment, and has to be noted then.
  const leaseMs = 2 * attemptMs
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()
  let looking: Promise<readonly Promise<void>[]> | undefined

  async function look(): Promise<readonly Promise<void>[]> {
    const told: Promise<void>[] = []
    try {
      for (const budget of await store.budgets()) {
        const percent = dueOf(budget)
        if (percent === undefined || closing.signal.aborted) continue
        const attempt = await store.takeWarning(budget.id, { percent, periodStart: budget.periodStart }, leaseMs)
        if (attempt === undefined) continue
        const message = messageOf(budget, percent)
        if (attempt === 1) onWarning?.(message)
        told.push(track(tell(budget.webhookUrl, message, attempt)))
      }
    } catch (error) {
      onError(error)
    }
    return told
  }

  async function tell(url: string | null, message: BudgetMessage, firstAttempt: number): Promise<void> {
    const { percent, periodStart, budget } = message
    const warning = { percent, periodStart }
    try {
      for (let attempt = firstAttempt; ; attempt += 1) {
        const problem = url === null ? undefined : await problemOf(url, message)
        const delayMs = problem === undefined ? undefined : retryDelaysMs[attempt - 1]
        if (problem !== undefined && closing.signal.aborted) {
          await store.holdWarning(budget.id, warning, 0)
          return
        }
        if (delayMs === undefined) {
          if (problem !== undefined) onError(problem)
          await store.settleWarning(budget.id, warning)
          return
        }
        if (!(await store.holdWarning(budget.id, warning, delayMs + leaseMs))) return
        await pause(delayMs, closing.signal)
        if (!(await store.holdWarning(budget.id, warning, leaseMs))) return
      }
    } catch (error) {
      onError(error)
    }
  }

  async function problemOf(url: string, message: BudgetMessage): Promise<Error | undefined> {
    try {
      await post(url, message, AbortSignal.any([closing.signal, AbortSignal.timeout(attemptMs)]))
      return undefined
    } catch (error) {
      return new Error(`The webhook of budget "${message.budget.name}" could not be told`, { cause: error })
    }
  }

  function track(work: Promise<void>): Promise<void> {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
    return work
  }

  async function check(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined
    })
    await Promise.all(await looking)
  }

  const timer = setInterval(() => void check(), intervalMs)
  timer.unref()
  return {
    check,
    async close() {
      clearInterval(timer)
      closing.abort()
      await Promise.all((await looking) ?? [])
      await Promise.all(underWay)
    },
  }
}

function dueOf({ percent, lastWarning }: BudgetState): BudgetWarning | undefined {
  const reached = WARNINGS.find((warning) => percent >= warning)
  return reached !== undefined && reached > (lastWarning ?? 0) ? reached : undefined
}

function messageOf(budget: BudgetState, percent: BudgetWarning): BudgetMessage {
  const { id, name, scope, period, tz, limitNanoUsd, spentNanoUsd, periodStart, periodEnd } = budget
  return {
    type: 'budget_warning',
    percent,
    budget: { id, name, scope, period, tz },
    limitUsd: limitNanoUsd / 1e9,
    spentUsd: spentNanoUsd / 1e9,
    periodStart,
    periodEnd,
  }
}

async function post(url: string, message: BudgetMessage, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    redirect: 'manual',
    signal,
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`It answered ${response.status}`)
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, delayMs)
    timer.unref()
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
