import { type RawBuilder, sql } from 'kysely'
import type { CallFilter } from '../calls/call-filter.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { AnsweredAs } from '../calls/model-key.ts'
import type { PlannedPart } from '../rollups/rollup-plan.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import { keptConditions } from './kept-conditions.ts'

/** How often a model answered a requested id, from one part of the time range. */
export interface AnsweredRow {
  readonly asked: string
  /** NULL where no model is known. */
  readonly model: string | null
  /** Billable calls whose answer names this model. */
  readonly answers: number
}

// A statement takes a limited number of parameters, and clients may send any number of ids.
const MAX_MOVES = 200

/** Selects `AnsweredRow`s. */
export function answeredSelect(part: PlannedPart, filter: CallFilter, functions: SqlFunctions): RawBuilder<unknown> {
  const { rollup, from, to } = part
  if (rollup === undefined) {
    const isAnswer = sql`calls.billable = 1 and (calls.model <> calls.request_model or calls.status = 'ok')`
    return sql`
      select calls.request_model as asked, calls.model as model, count(*) filter (where ${isAnswer}) as answers
      from calls where calls.request_model is not null and ${matchesFilter({ ...filter, from, to }, functions)}
      group by 1, 2`
  }
  const isAnswer = sql`kept.model_key <> kept.requested_model_key or kept.status_key = '=ok'`
  const answers = functions.total(sql`case when ${isAnswer} then kept.calls else 0 end`)
  const where = sql.join([...keptConditions({ ...filter, from, to }, rollup), sql`1 = 1`], sql` and `)
  return sql`
    select substr(kept.requested_model_key, 2) as asked, substr(nullif(kept.model_key, ''), 2) as model, ${answers} as answers
    from ${sql.table(rollup.table)} as kept where kept.requested_model_key <> '' and ${where} group by 1, 2`
}

/** The requested ids whose unanswered calls count under another model: the only one that answered that id. */
export function answeredAsOf(rows: readonly AnsweredRow[]): AnsweredAs {
  const moves: [string, string][] = []
  for (const [asked, found] of Map.groupBy(rows, (row) => row.asked)) {
    const isUnanswered = found.some(({ model }) => model === null || model === asked)
    const models = new Set(found.flatMap(({ model, answers }) => (model === null || answers <= 0 ? [] : [model])))
    const [only] = models
    if (isUnanswered && models.size === 1 && only !== undefined && only !== asked) moves.push([asked, only])
  }
  return new Map(moves.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MAX_MOVES))
}
