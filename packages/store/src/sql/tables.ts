import {
  type Call,
  CALL_COLUMN_NAMES,
  CALL_COLUMNS,
  type CallColumn,
  type CallContent,
  type CallLog,
  CONTENT_COLUMN_NAMES,
  CONTENT_COLUMNS,
} from '@spanledger/core'

/** JSON is text in the database. */
type Stored<Value> = Value extends string | number | null ? Value : string | null

/** The columns of table `calls` that come from a call. */
export type CallColumns = { readonly [Column in CallColumn]: Stored<Call[Column]> }

/** A row of table `calls`. */
export type CallRow = CallColumns & CallLog

/** The columns of table `call_contents` that hold what was said. */
export type ContentColumns = {
  readonly [Column in keyof CallContent]: CallContent[Column] extends string | null ? string | null : string | null
}

/** A row of table `call_contents`; `ingest_seq` is that of the call. */
export interface ContentRow extends ContentColumns {
  readonly trace_id: string
  readonly span_id: string
  readonly created_at: number
  readonly ingest_seq: number
}

/** A row of table `projects`. */
export interface ProjectRow {
  readonly id: string
  readonly name: string
  readonly created_at: number
}

/** A row of table `prices`. */
export interface PriceRow {
  readonly id: number
  readonly provider: string
  readonly model: string
  /** An entry of a `PriceFile`, as JSON. */
  readonly price: string
  readonly created_at: number
}

/** A row of table `journal_positions`. */
export interface JournalPositionRow {
  readonly segment: string
  readonly byte_offset: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
  readonly updated_at: number
}

/** A row of table `events`. */
export interface EventRow {
  readonly id: string
  readonly name: string
  readonly occurred_at: number
  readonly user_id: string | null
  readonly session_id: string | null
  readonly project_id: string | null
  readonly trace_id: string | null
  /** JSON. */
  readonly properties: string
  readonly created_at: number
}

/** A row of table `saved_views`. */
export interface SavedViewRow {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly project_id: string | null
  readonly created_at: number
}

/** A row of table `budgets`. */
export interface BudgetRow {
  readonly id: string
  readonly name: string
  /** JSON. */
  readonly scope: string
  readonly period: string
  readonly tz: string
  readonly limit_nano_usd: number
  readonly webhook_url: string | null
  readonly warned_percent: number | null
  readonly warned_period_start: number | null
  readonly created_at: number
}

/** What kysely may be asked for. */
export interface Tables {
  readonly calls: CallRow
  readonly call_contents: ContentRow
  readonly projects: ProjectRow
  readonly prices: PriceRow
  readonly journal_positions: JournalPositionRow
  readonly events: EventRow
  readonly budgets: BudgetRow
  readonly saved_views: SavedViewRow
}

/** The columns of `calls` that hold JSON. */
export const JSON_COLUMNS = CALL_COLUMN_NAMES.filter((name) => CALL_COLUMNS[name].isJson)

/** The columns of `call_contents` that hold JSON. */
export const JSON_CONTENT_COLUMNS = CONTENT_COLUMN_NAMES.filter((name) => CONTENT_COLUMNS[name].isJson)
