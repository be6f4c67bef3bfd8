import { type RawBuilder, sql } from 'kysely'

/** The model under which the unanswered calls of a requested id count, by that id. Other ids count under themselves. */
export type AnsweredAs = ReadonlyMap<string, string>

/** The columns, or stored keys, of a call's answered and requested model. */
interface ModelColumns {
  readonly model: RawBuilder<unknown>
  readonly requested: RawBuilder<unknown>
}

const NO_ANSWERS: AnsweredAs = new Map()

/** The model under which a row of `calls`, or of an alias of it, counts: the one that answered, else the one of its requested id. */
export function modelKey(answeredAs: AnsweredAs = NO_ANSWERS, table = 'calls'): RawBuilder<string | null> {
  const columns = { model: sql.ref(`${table}.model`), requested: sql.ref(`${table}.request_model`) }
  return keyOf(columns, answeredAs, (model) => model)
}

/** The same for a row of a rollup, as its key. */
export function keptModelKey(
  answeredAs: AnsweredAs = NO_ANSWERS,
  toKey: (model: string) => string,
): RawBuilder<string | null> {
  const columns = { model: sql`nullif(kept.model_key, '')`, requested: sql`nullif(kept.requested_model_key, '')` }
  return sql`coalesce(${keyOf(columns, answeredAs, toKey)}, '')`
}

// Until an answer names its model, `model` repeats what was asked for.
function keyOf(
  { model, requested }: ModelColumns,
  answeredAs: AnsweredAs,
  toKey: (model: string) => string,
): RawBuilder<string | null> {
  const named = sql<string | null>`coalesce(${model}, ${requested})`
  if (answeredAs.size === 0) return named
  const moves = [...answeredAs].map(([asked, answered]) => sql`when ${toKey(asked)} then ${toKey(answered)}`)
  return sql`case when ${named} = ${requested} then case ${requested} ${sql.join(moves, sql` `)} else ${named} end else ${named} end`
}
