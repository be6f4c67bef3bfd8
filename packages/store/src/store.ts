import type { Call, PriceFile } from '@spanledger/core'
import type {
  LiveCalls,
  Session,
  SessionPage,
  StoreSize,
  Timeseries,
  TimeseriesOptions,
  ToolReport,
  ToolStats,
  Trace,
  UsageLogPage,
} from './answers.ts'
import type { Budget, BudgetState, BudgetWarning, NewBudget, PeriodWarning } from './budgets/budget.ts'
import type { StoredCall } from './calls/call-row.ts'
import type { CallFilter, Grouping } from './calls/call-filter.ts'
import type { EventFilter, EventPage, ProductEvent } from './events/event.ts'
import type { PruneOptions, PruneProgress, RollupCheck } from './upkeep/retention.ts'
import type { StepLink } from './steps/step-link.ts'
import type { TwinCalls } from './traces/twin-calls.ts'
import type { UsageRow, UsageSummary } from './sums/usage-totals.ts'

/**
 * Calls in a database: written once, asked often. The same contract holds for every database, and one test suite says
 * so for all of them. Whoever opens a store closes it.
 *
 * Every method that asks sees all writes that were finished before, by any process. Nothing a method is given is kept
 * or changed, and nothing it gives back is used again. A method rejects with a sentence that says what is wrong with
 * the database and how to mend it; after that the store can be used again, and what was stored stays stored. After
 * `close` every other method rejects.
 */
export interface Store {
  /**
   * Stores calls, each at most once: a call whose (`trace_id`, `span_id`) is there already, or stands in the list
   * twice, is joined with that version by `mergeCall`. So any number of writes in any order leave the same rows, and a
   * write of which the outcome is unknown can be repeated.
   *
   * All of one list is one transaction, durable when the promise resolves: if it rejects, nothing of the list is stored.
   * A call that the database cannot hold (a count out of range, an id that is none, a step) does not hold up the others: it
   * is given back with the reason. Texts are made well-formed. A project that is not known is created.
   *
   * Some 500 calls a list (`WRITE_BATCH_SIZE`) are quick; SQLite blocks its thread for the time of the write, and Postgres
   * takes at most 8,192. Where the database is away, full or busy the promise rejects with a `TransientStoreError`.
   */
  write(calls: readonly Call[], options?: WriteOptions): Promise<WriteResult>

  /** How far a segment of a journal is stored; nothing if none of it is, or if it was forgotten. */
  journalPosition(segment: string): Promise<StoredPosition | undefined>

  /** Lets go of the positions of segments that are no more. One that is not known is no error. */
  forgetJournal(segments: readonly string[]): Promise<void>

  /** The call with this id (`{trace_id}-{span_id}`), with its content; nothing if there is none. */
  call(id: string): Promise<StoredCall | undefined>

  /**
   * The calls of a filter, the one that started last first or in another order, a page at a time. A page's `next` asks
   * for the one after it with the same order and is missing on the last. Calls that arrive meanwhile make no call appear
   * twice or be skipped; one whose value changes meanwhile is where its new value belongs.
   */
  calls(filter: CallFilter, page?: CallPageRequest): Promise<CallPage>

  /**
   * Every call of a filter that is stored when the first one is asked for, in the order of arrival. Holds few of them at
   * a time, however many there are, and blocks no writer in between.
   */
  iterate(filter: CallFilter, options?: ContentOption): AsyncIterable<StoredCall>

  /**
   * Calls that were stored after a place in the log, for whoever follows along: at most `limit` (1 to 1,000), without
   * content. Going on at `lastSeq` gives every call once; none is skipped, also if it was given its place early and was
   * committed late. `after` NULL gives no call and the place where the log ends now. A call that gets better known later
   * is not given again.
   */
  liveCalls(after: number | null, filter: CallFilter, limit?: number): Promise<LiveCalls>

  /** The calls of a trace as a tree; nothing if there is none. */
  trace(traceId: string): Promise<Trace | undefined>

  /** Keeps which steps stand under which spans, durably; one that is kept twice is no error. */
  keepStepLinks(links: readonly StepLink[]): Promise<void>

  /** The steps of traces that are kept, by whichever process. */
  stepLinks(traceIds: readonly string[]): Promise<readonly StepLink[]>

  /** Lets go of those that were kept before a time. */
  forgetStepLinks(before: number): Promise<void>

  /** The conversations that calls of a filter belong to, the one that had a call last first, counted over those calls. */
  sessions(filter: CallFilter, page?: PageRequest): Promise<SessionPage>

  /** One conversation with what was said in it; nothing if no call belongs to it. */
  session(id: string): Promise<Session | undefined>

  /** The rows of the view `ai_usage_logs` of which a call is in the filter, the one that started last first. */
  usageLogs(filter: CallFilter, page?: PageRequest): Promise<UsageLogPage>

  /** What the calls of a filter add up to. Without any call all counts are 0 and all sums NULL. */
  summary(filter: CallFilter, options?: PercentileOption): Promise<UsageSummary>

  /**
   * The same for each value of a grouping, the dearest first, days in their order. A call whose value is unknown counts
   * under the key NULL, so the rows add up to the summary; by tag a call counts under each of its tags. Days without
   * calls are missing. With a limit, what is beyond it is added up in a last row (`isOther`).
   */
  breakdown(filter: CallFilter, groupBy: Grouping, options?: BreakdownOptions): Promise<readonly UsageRow[]>

  /** What the calls of a filter add up to over time, in buckets of the filter's time zone. */
  timeseries(filter: CallFilter, options?: TimeseriesOptions): Promise<Timeseries>

  /** How each tool did, the one called most first. Empty if no tool was called. */
  toolStats(filter: CallFilter): Promise<readonly ToolStats[]>

  /** The same with the failures of each by what they say, and the calls over time. */
  toolReport(filter: CallFilter, options?: Pick<TimeseriesOptions, 'bucket'>): Promise<ToolReport>

  /** Stores events, each at most once by its id. All or none. Gives how many are new. */
  writeEvents(events: readonly ProductEvent[]): Promise<number>

  /** Events, the last one first. */
  events(filter: EventFilter, page?: PageRequest): Promise<EventPage>

  /** All budgets by name, and how each stands now. */
  budgets(): Promise<readonly BudgetState[]>

  /** Makes a budget. Rejects with a sentence if what it is made of makes none. */
  createBudget(budget: NewBudget): Promise<Budget>

  /** False if there is none. */
  deleteBudget(id: string): Promise<boolean>

  /**
   * True for whoever asks first: of several servers one tells. A warning can be claimed once a period, and none after a
   * higher one. `periodStart` is that of the `BudgetState` that led here.
   */
  claimWarning(id: string, warning: { readonly percent: BudgetWarning; readonly periodStart: number }): Promise<boolean>

  /**
   * Takes the telling of a warning upon oneself for some milliseconds, unless somebody else has it, or has told it.
   * Gives how often it was taken, this time included; nothing if it is not to be had. Whoever dies meanwhile leaves it to
   * the next one who asks after that time.
   */
  takeWarning(id: string, warning: PeriodWarning, forMs: number): Promise<number | undefined>

  /**
   * Keeps it for some milliseconds from now; 0 gives it back. False if it was told, or if a higher one was taken: then it
   * is not to be told any more.
   */
  holdWarning(id: string, warning: PeriodWarning, forMs: number): Promise<boolean>

  /** It is told, or given up: nobody takes it again. */
  settleWarning(id: string, warning: PeriodWarning): Promise<void>

  /**
   * Takes what is too old, some 500 rows a transaction, so that other writers wait for a moment only, and tells how far
   * it is after each. Whoever stops asking for more stops the work there.
   */
  prune(options: PruneOptions): AsyncIterable<PruneProgress>

  /** Adds up the stored calls anew and compares that with the sums that are kept. Reads every call. */
  rollupCheck(): Promise<RollupCheck>

  /** Whether sums are kept: not in a database with calls of a version that kept none, until `rebuildRollups` is through. */
  hasRollups(): Promise<boolean>

  /**
   * Makes the sums that are kept anew, a day at a time; tells the start of each day that is done. Needed where the tables
   * were filled by something else; until it is done, questions go through all calls.
   */
  rebuildRollups(): AsyncIterable<number>

  /**
   * What of a time was counted twice: answers of one id in one trace that several billable calls report which overlap in
   * time, as two instrumentations of one call make them. Those that happen most come first.
   */
  twinCalls(time: { readonly from: number; readonly to: number }): Promise<readonly TwinCalls[]>

  /** How much there is. */
  size(): Promise<StoreSize>

  /** The project with this id: made if it is not there, renamed if it has another name. Without a name nothing is renamed. */
  ensureProject(project: { readonly id: string; readonly name?: string | undefined }): Promise<Project>

  /** All projects by id. */
  projects(): Promise<readonly Project[]>

  /**
   * Prices of your own that were put into the database; they say what a call costs before any published list. Rejects
   * with a sentence if there is one that this version does not understand.
   */
  customPrices(): Promise<PriceFile>

  /**
   * Changes them in one transaction: `change` is given those that are there, answers at once, and what it gives back
   * takes their place, and is what the promise gives. If it throws, or if its prices do not hold together, nothing changes.
   */
  changePrices(change: (prices: PriceFile) => PriceFile): Promise<PriceFile>

  /** Which models the unpriced calls of a filter are of, those with the most calls first. */
  unpricedModels(filter: CallFilter): Promise<readonly UnpricedModel[]>

  /**
   * Gives the billable calls of a filter their cost anew, but for those whose cost the answer itself named (`provider`)
   * or somebody reported: these are not touched, whatever `price` says. `price` is given each of the others as it
   * stands, without content, and gives it back with other money (`repriceCall` of core), or the very same object; nothing
   * but columns of money is taken from it. It must be pure, because it may be asked twice.
   *
   * Every call that was looked at is given, when the transaction that changed it is durable: some 500 calls each, so that
   * other writers wait for a moment only. Whoever stops asking for more stops the work there. Nothing is written unless
   * `write` is true.
   */
  reprice(filter: CallFilter, price: (call: Call) => Call, options?: RepriceOptions): AsyncIterable<RepricedCall>

  /** Lets go of the database. Idempotent. */
  close(): Promise<void>
}

/** How many calls one write takes comfortably. */
export const WRITE_BATCH_SIZE = 512

/** How a list is written. */
export interface WriteOptions {
  /**
   * Works out what only the trace knows; `settleTrace` of core. It is given all that is stored of each trace of the list
   * and the list's own calls, in the same transaction, and what it changes of their columns is stored. What is stored is
   * given without content. It must be pure and idempotent.
   */
  readonly settle?: ((calls: readonly Call[]) => readonly Call[]) | undefined

  /** Steps that came with the calls; kept as by `keepStepLinks`, and not later than the calls are stored. */
  readonly links?: readonly StepLink[] | undefined

  /** Where a journal stands after this list; stored in the transaction of its calls. */
  readonly position?: JournalPosition | undefined
}

/**
 * Where a journal stands after a list. What became of the list is added to the counts of the segment. A position that is
 * not beyond the stored one changes neither it nor the counts: somebody else was quicker, or the list is sent again.
 */
export interface JournalPosition {
  /** Names one segment of all journals. */
  readonly segment: string
  /** The byte up to which every frame of it is stored. */
  readonly offset: number
  /** Added to the counts as well: calls before this offset that are not in the list, such as frames that hold none. */
  readonly counts?: JournalCounts | undefined
}

/** What became of the calls of a segment. */
export interface JournalCounts {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
}

/** How far a segment is stored, and what became of its calls up to there. */
export interface StoredPosition extends JournalCounts {
  readonly offset: number
}

/** What became of a list: `stored + deduplicated + rejected.length` is its length. */
export interface WriteResult {
  /** Calls that were not there before. */
  readonly stored: number
  /** Calls of which a version was there already. */
  readonly deduplicated: number
  readonly rejected: readonly RejectedCall[]
}

/** A call that the database cannot hold. */
export interface RejectedCall {
  readonly call: Call
  /** Such as `input_tokens is -1; expected a non-negative integer or null`. */
  readonly reason: string
}

/** Whether what was said is wanted too; without it `content` is `null`. */
export interface ContentOption {
  readonly content?: boolean | undefined
}

/** Whether percentiles are wanted too. */
export interface PercentileOption {
  readonly percentiles?: boolean | undefined
}

/** How a breakdown is made. */
export interface BreakdownOptions extends PercentileOption {
  /** How many rows stand for themselves, 1 to 1,000; all if not given. */
  readonly limit?: number | undefined
}

/** Which page. */
export interface PageRequest {
  /** 1 to 1,000 rows; 100 if none is given. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
}

/** Which page of calls. */
export interface CallPageRequest extends PageRequest, ContentOption {
  /** By what; `startedAt` if none is given. Calls of which it is unknown come last in either order. */
  readonly sort?: CallSort | undefined
  /** `desc`, the highest first, if none is given. */
  readonly order?: 'asc' | 'desc' | undefined
  /** Only calls that have this text, in either case, in their model, operation, name, tool, error, user, session or trace. */
  readonly q?: string | undefined
}

/** By what calls can be ordered. */
export type CallSort = 'startedAt' | 'costNanoUsd' | 'durationMs' | 'totalTokens' | 'ingestSeq'

/** Every order of calls, for whoever reads one from outside. */
export const CALL_SORTS: readonly CallSort[] = ['startedAt', 'costNanoUsd', 'durationMs', 'totalTokens', 'ingestSeq']

/** A page of calls. */
export interface CallPage {
  readonly calls: readonly StoredCall[]
  readonly next?: string | undefined
}

/** Whether new costs are stored; they are only worked out if not. */
export interface RepriceOptions {
  readonly write?: boolean | undefined
}

/** A call before and after it was priced again: the very same object if nothing changed. */
export interface RepricedCall {
  readonly before: StoredCall
  readonly after: Call
}

/** Calls without a cost that have these in common. */
export interface UnpricedModel {
  readonly provider: string | null
  readonly model: string | null
  readonly requestModel: string | null
  readonly serviceTier: string | null
  /** Why they have no cost. */
  readonly reason: string | null
  readonly calls: number
  /** When the last one started, epoch milliseconds. */
  readonly lastStartedAt: number
}

/** Something that calls belong to. */
export interface Project {
  readonly id: string
  readonly name: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}
