import { type Kysely, sql } from 'kysely'
import { cleanText } from '../sql/clean-text.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { StepLink } from './step-link.ts'
import type { StepStore } from './step-store.ts'
import type { Tables } from '../sql/tables.ts'

interface LinksRow {
  readonly trace_id: string
  /** JSON: pairs of a step and its parent. */
  readonly links: string
}

// A statement takes only so many parameters.
const MOST_ROWS = 1_000

/** Stores the steps of traces that may not be complete yet. `now` returns epoch milliseconds. */
export function createStepLinkQueries(db: Kysely<Tables>, functions: SqlFunctions, now: () => number): StepStore {
  return {
    async keepStepLinks(links) {
      if (links.length === 0) return
      // One parameter, however many rows: a statement with one for each value takes ten times as long to make.
      const traces = tracesOfLinks(links)
      await sql`
        insert into span_links (trace_id, links, created_at)
        select value ->> 'trace', value ->> 'links', cast(${now()} as bigint)
        from ${functions.elements(JSON.stringify(traces))} as traces`.execute(db)
    },

    async stepLinks(traceIds) {
      const found: StepLink[] = []
      for (let start = 0; start < traceIds.length; start += MOST_ROWS) {
        const some = traceIds.slice(start, start + MOST_ROWS)
        const { rows } = await sql<LinksRow>`
          select trace_id, links from span_links where trace_id in (${sql.join(some)})`.execute(db)
        for (const row of rows) found.push(...linksOf(row))
      }
      return found
    },

    async forgetStepLinks(before) {
      for (;;) {
        // In order of arrival, so that the first one shows whether there are any.
        const first = sql<{ id: number; created_at: number }>`select id, created_at from span_links order by id limit 1`
        const [row] = (await first.execute(db)).rows
        if (row === undefined || row.created_at >= before) return
        await sql`delete from span_links where id < ${row.id + MOST_ROWS} and created_at < ${before}`.execute(db)
      }
    },
  }
}

/** A row for each trace: its steps with what they stand under. */
export function tracesOfLinks(
  links: readonly StepLink[],
): readonly { readonly trace: string; readonly links: readonly (readonly [string, string])[] }[] {
  return [...Map.groupBy(links, ({ traceId }) => traceId)].map(([traceId, steps]) => ({
    trace: cleanText(traceId),
    links: steps.map(({ spanId, parentId }) => [cleanText(spanId), cleanText(parentId)] as const),
  }))
}

function linksOf({ trace_id: traceId, links }: LinksRow): StepLink[] {
  const pairs = JSON.parse(links) as readonly (readonly [string, string])[] // as they were kept
  return pairs.map(([spanId, parentId]) => ({ traceId, spanId, parentId }))
}
