import type { BudgetState, BudgetWarning, Store } from '@spanledger/store'

/** The JSON body that a webhook receives when a budget reaches 50, 80 or 95 percent. */
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
  /** How often budgets are checked; once a minute by default. */
  readonly intervalMs?: number | undefined
  /** Delay before each retry of a webhook; five retries by default. */
  readonly retryDelaysMs?: readonly number[] | undefined
  /** Timeout of one attempt; ten seconds by default. */
  readonly attemptMs?: number | undefined
  /** Called with every warning, including those of budgets without a webhook. */
  readonly onWarning?: ((message: BudgetMessage) => void) | undefined
  /** Called when budgets cannot be read or a webhook cannot be reached. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Watches budgets until it is closed. */
export interface BudgetWatch {
  /** Checks all budgets now. Resolves when all warnings are delivered or given up. Never rejects. */
  check(): Promise<void>
  /** Aborts attempts in progress. Idempotent. */
  close(): Promise<void>
}

const MINUTE_MS = 60_000
const RETRY_DELAYS_MS = [1000, 5000, 30_000, 120_000, 600_000]
const ATTEMPT_MS = 10_000
const WARNINGS: readonly BudgetWarning[] = [95, 80, 50]

/**
 * Calls webhooks when a budget reaches 50, 80 or 95 percent: the highest of them, once per period, even with several
 * servers. The server that leases a warning delivers it, with retries. The lease is in the database, so another server
 * continues if this one dies or closes. If it dies after the webhook answered but before that is stored, the webhook is
 * called twice.
 *
 * A webhook may be any http or https URL, including one in the local network, because only admins set it. The body
 * contains only the budget, redirects are not followed, and the answer is not read.
 */
export function createBudgetWatch(options: BudgetWatchOptions): BudgetWatch {
  const { store, intervalMs = MINUTE_MS, retryDelaysMs = RETRY_DELAYS_MS, onWarning, onError = () => {} } = options
  const { attemptMs = ATTEMPT_MS } = options
  // An answer may arrive at the last moment and still has to be stored.
  const leaseMs = 2 * attemptMs
  const closing = new AbortController()
  const inProgress = new Set<Promise<void>>()
  let checking: Promise<readonly Promise<void>[]> | undefined

  async function checkBudgets(): Promise<readonly Promise<void>[]> {
    const deliveries: Promise<void>[] = []
    try {
      for (const budget of await store.budgets()) {
        const percent = dueOf(budget)
        if (percent === undefined || closing.signal.aborted) continue
        const attempt = await store.takeWarning(budget.id, { percent, periodStart: budget.periodStart }, leaseMs)
        if (attempt === undefined) continue
        const message = messageOf(budget, percent)
        if (attempt === 1) onWarning?.(message)
        deliveries.push(track(deliver(budget.webhookUrl, message, attempt)))
      }
    } catch (error) {
      onError(error)
    }
    return deliveries
  }

  async function deliver(url: string | null, message: BudgetMessage, firstAttempt: number): Promise<void> {
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
      return new Error(`Cannot deliver a warning to the webhook of budget "${message.budget.name}"`, { cause: error })
    }
  }

  function track(work: Promise<void>): Promise<void> {
    inProgress.add(work)
    void work.finally(() => inProgress.delete(work))
    return work
  }

  async function check(): Promise<void> {
    checking ??= checkBudgets().finally(() => {
      checking = undefined
    })
    await Promise.all(await checking)
  }

  const timer = setInterval(() => void check(), intervalMs)
  timer.unref()
  return {
    check,
    async close() {
      clearInterval(timer)
      closing.abort()
      await Promise.all((await checking) ?? [])
      await Promise.all(inProgress)
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
  if (!response.ok) throw new Error(`The webhook answered with status ${response.status}`)
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
