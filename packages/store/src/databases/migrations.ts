import { answerTables, hourTables, rollupTables } from '../rollups/rollup-schema.ts'
import type { SchemaWords } from '../sql/schema-words.ts'
import { usageLogsView } from './usage-logs-view.ts'

/** One step of the schema. Steps are only ever appended; within a major they only add. */
export interface Migration {
  /** Raised by a change that an older writer cannot live with. */
  readonly major: number
  /** Counts up through all majors. */
  readonly version: number
  /** Its statements in the words of a database. */
  sql(words: SchemaWords): string
}

// The columns of the first version. One that came later is an ALTER TABLE in a step of its own, so it stands last.
// No column is checked against a list of words: a newer writer may know more of them, and a CHECK cannot be changed.
// Numbers are checked, because one above 2^53-1 would make every later read of its row throw.
const calls = (d: SchemaWords): string => `
CREATE TABLE calls (
  trace_id ${d.text} NOT NULL,
  span_id ${d.text} NOT NULL,
  parent_span_id ${d.text},
  run_id ${d.text} NOT NULL,

  kind ${d.text} NOT NULL,
  billable ${d.flag('billable')} NOT NULL,
  operation ${d.text},
  call_type ${d.text},
  name ${d.text},
  request_id ${d.text},
  sdk ${d.text},
  sdk_version ${d.text},
  converter_version ${d.text},
  service_name ${d.text},
  environment ${d.text},

  project_id ${d.text},
  user_id ${d.text},
  session_id ${d.text},
  company_id ${d.text},
  task_id ${d.text},
  tags ${d.json('tags')},
  metadata ${d.json('metadata')},

  provider ${d.text},
  raw_provider ${d.text},
  model ${d.text},
  request_model ${d.text},
  response_id ${d.text},
  finish_reason ${d.text},
  streaming ${d.flag('streaming')},
  request ${d.json('request')},
  response_metadata ${d.json('response_metadata')},

  input_tokens ${d.count('input_tokens')},
  output_tokens ${d.count('output_tokens')},
  total_tokens ${d.count('total_tokens')},
  cache_read_tokens ${d.count('cache_read_tokens')},
  cache_write_tokens ${d.count('cache_write_tokens')},
  reasoning_tokens ${d.count('reasoning_tokens')},
  usage_details ${d.json('usage_details')},
  service_tier ${d.text},
  usage_source ${d.text} NOT NULL,

  cost_nano_usd ${d.count('cost_nano_usd')},
  cost_source ${d.text},
  cost_flags ${d.json('cost_flags')},
  cost_reason ${d.text},
  price_version ${d.text},
  previous_cost_nano_usd ${d.count('previous_cost_nano_usd')},
  repriced_at ${d.count('repriced_at')},

  started_at ${d.count('started_at')} NOT NULL,
  ended_at ${d.count('ended_at')},
  duration_ms ${d.real},
  time_to_first_token_ms ${d.real},

  tool_name ${d.text},
  tool_call_id ${d.text},
  tool_type ${d.text},

  status ${d.text} NOT NULL,
  error_type ${d.text},
  error_message ${d.text},
  http_status ${d.count('http_status')},

  created_at ${d.count('created_at')} NOT NULL,
  ingest_seq ${d.logKey},
  UNIQUE (trace_id, span_id)
${d.tableEnd}
`

// An index costs every write, so only two: the time range that every report has, and the run of a call, in the form in
// which the view asks for it.
const INDEXES = `
CREATE INDEX calls_by_start ON calls (started_at);
CREATE INDEX calls_by_run ON calls ((trace_id || '-' || run_id));
`

// Keyed by the call's row: a second unique index over random ids would cost a third of the write rate.
const callContents = (d: SchemaWords): string => `
CREATE TABLE call_contents (
  trace_id ${d.text} NOT NULL,
  span_id ${d.text} NOT NULL,
  question ${d.text},
  system_prompt ${d.text},
  input_messages ${d.json('input_messages')},
  output_messages ${d.json('output_messages')},
  answer ${d.text},
  tool_definitions ${d.json('tool_definitions')},
  tool_arguments ${d.json('tool_arguments')},
  tool_result ${d.json('tool_result')},
  lengths ${d.json('lengths')},
  created_at ${d.integer} NOT NULL,
  ingest_seq ${d.integer} PRIMARY KEY
${d.tableEnd}
`

const projects = (d: SchemaWords): string => `
CREATE TABLE projects (
  id ${d.text} PRIMARY KEY,
  name ${d.text} NOT NULL,
  created_at ${d.integer} NOT NULL
${d.tableEnd}
`

// Custom prices: a row for each entry of a `prices.json`, whose format defines what a price may hold.
const prices = (d: SchemaWords): string => `
CREATE TABLE prices (
  id ${d.autoKey},
  provider ${d.text} NOT NULL,
  model ${d.text} NOT NULL,
  price ${d.json('price')} NOT NULL,
  created_at ${d.integer} NOT NULL
${d.tableEnd}
`

// How far segments of journals are stored, and what became of their calls.
const journalPositions = (d: SchemaWords): string => `
CREATE TABLE journal_positions (
  segment ${d.text} PRIMARY KEY,
  byte_offset ${d.count('byte_offset')} NOT NULL,
  stored ${d.count('stored')} NOT NULL,
  deduplicated ${d.count('deduplicated')} NOT NULL,
  rejected ${d.count('rejected')} NOT NULL,
  updated_at ${d.integer} NOT NULL
${d.tableEnd}
`

// The third and last index: a conversation is asked for as a whole, and has no time by which it could be found.
const CONVERSATIONS = `
CREATE INDEX calls_by_session ON calls (session_id, started_at) WHERE session_id IS NOT NULL;
`

// Holds only the calls without a price, which are few: it costs the others nothing, and the first page asks for them.
const UNPRICED_CALLS = `
CREATE INDEX calls_unpriced ON calls (started_at) WHERE billable = 1 AND cost_nano_usd IS NULL;
`

// Queries about a user want their calls, however few they are among all: sums by user have neither calls nor hours.
const CALLS_OF_USERS = `
CREATE INDEX calls_by_user ON calls (user_id, started_at) WHERE user_id IS NOT NULL;
`

// Finds the runs that used a tool. Costs only the writes of tool calls.
const CALLS_OF_TOOLS = `
CREATE INDEX calls_by_tool ON calls (tool_name, trace_id) WHERE kind = 'tool';
`

// What happened in a product, such as a chat turn.
const events = (d: SchemaWords): string => `
CREATE TABLE events (
  id ${d.text} PRIMARY KEY,
  name ${d.text} NOT NULL,
  occurred_at ${d.count('occurred_at')} NOT NULL,
  user_id ${d.text},
  session_id ${d.text},
  project_id ${d.text},
  trace_id ${d.text},
  properties ${d.json('properties')} NOT NULL,
  created_at ${d.integer} NOT NULL
${d.tableEnd}
CREATE INDEX events_by_time ON events (occurred_at, id);
`

// How much the calls of a filter may cost, and the last warning that was given.
const budgets = (d: SchemaWords): string => `
CREATE TABLE budgets (
  id ${d.text} PRIMARY KEY,
  name ${d.text} NOT NULL,
  scope ${d.json('scope')} NOT NULL,
  period ${d.text} NOT NULL,
  tz ${d.text} NOT NULL,
  limit_nano_usd ${d.count('limit_nano_usd')} NOT NULL,
  webhook_url ${d.text},
  warned_percent ${d.integer},
  warned_period_start ${d.integer},
  created_at ${d.integer} NOT NULL
${d.tableEnd}
`

// Warnings that a server is delivering or has delivered. From `due_at` on, any server may take an undelivered one.
const budgetWarnings = (d: SchemaWords): string => `
CREATE TABLE budget_warnings (
  budget_id ${d.text} NOT NULL REFERENCES budgets (id) ON DELETE CASCADE,
  period_start ${d.integer} NOT NULL,
  percent ${d.integer} NOT NULL,
  due_at ${d.integer} NOT NULL,
  attempts ${d.integer} NOT NULL,
  told_at ${d.integer},
  PRIMARY KEY (budget_id, period_start, percent)
${d.tableEnd}
`

// Which step stands under which span: a row for each trace and request, because steps make no calls. Kept for an hour.
const spanLinks = (d: SchemaWords): string => `
CREATE TABLE span_links (
  id ${d.autoKey},
  trace_id ${d.text} NOT NULL,
  links ${d.json('links')} NOT NULL,
  created_at ${d.integer} NOT NULL
${d.tableEnd}
CREATE INDEX span_links_by_trace ON span_links (trace_id);
`

// Pages of the dashboard with their filters, kept under a name.
const savedViews = (d: SchemaWords): string => `
CREATE TABLE saved_views (
  id ${d.text} PRIMARY KEY,
  name ${d.text} NOT NULL,
  url ${d.text} NOT NULL,
  project_id ${d.text},
  created_at ${d.integer} NOT NULL
${d.tableEnd}
`

const migrationsTable = (d: SchemaWords): string => `
CREATE TABLE spanledger_migrations (
  version ${d.integer} PRIMARY KEY,
  major ${d.integer} NOT NULL,
  applied_at ${d.integer} NOT NULL
${d.tableEnd}
`

/** The newest major that this code can write. */
export const SCHEMA_MAJOR = 3

/** Every step since the first, in order. */
export const MIGRATIONS: readonly Migration[] = [
  { major: 1, version: 1, sql: firstTables },
  { major: 1, version: 2, sql: prices },
  { major: 1, version: 3, sql: journalPositions },
  { major: 1, version: 4, sql: (d) => CONVERSATIONS + events(d) + budgets(d) },
  { major: 1, version: 5, sql: rollupTables },
  { major: 1, version: 6, sql: () => UNPRICED_CALLS },
  { major: 1, version: 7, sql: budgetWarnings },
  { major: 1, version: 8, sql: spanLinks },
  // A writer that knows no hours would leave its calls out of them.
  { major: 2, version: 9, sql: hourTables },
  { major: 2, version: 10, sql: () => CALLS_OF_USERS },
  // A writer that knows no rollups by answer would leave its calls out of them.
  { major: 3, version: 11, sql: answerTables },
  { major: 3, version: 12, sql: () => CALLS_OF_TOOLS },
  { major: 3, version: 13, sql: savedViews },
]

function firstTables(d: SchemaWords): string {
  return (
    migrationsTable(d) + calls(d) + INDEXES + callContents(d) + projects(d) + d.logClock + usageLogsView(d.usageLogs)
  )
}
