import { type Kysely, sql } from 'kysely'
import { cleanText } from '../sql/clean-text.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { StepLink } from './step-link.ts'
import type { StepStore } from './step-store.ts'
import type { Tables } from '../sql/tables.ts'

interface LinksRow {
  readonly trace_id: string
  /** JSON: `[step, parent]` pairs. */
  readonly links: string
}

// The number of parameters of a statement is limited.
const MAX_ROWS = 1_000

/** Stores the steps of traces that may not be complete yet. `now` returns epoch milliseconds. */
export function createStepLinkQueries(db: Kysely<Tables>, functions: SqlFunctions, now: () => number): StepStore {
  return {
    async keepStepLinks(links) {
      if (links.length === 0) return
      // One JSON parameter for all rows: building a statement with a parameter for each value takes ten times as long.
      const traces = tracesOfLinks(links)
      await sql`
        insert into span_links (trace_id, links, created_at)
        select value ->> 'trace', value ->> 'links', cast(${now()} as bigint)
        from ${functions.elements(JSON.stringify(traces))} as traces`.execute(db)
    },

    async stepLinks(traceIds) {
      const found: StepLink[] = []
      for (let start = 0; start < traceIds.length; start += MAX_ROWS) {
        const page = traceIds.slice(start, start + MAX_ROWS)
        const { rows } = await sql<LinksRow>`
          select trace_id, links from span_links where trace_id in (${sql.join(page)})`.execute(db)
        for (const row of rows) found.push(...linksOf(row))
      }
      return found
    },

    async forgetStepLinks(before) {
      for (;;) {
        // Rows are in order of arrival, so the first one shows whether any are old.
        const first = sql<{ id: number; created_at: number }>`select id, created_at from span_links order by id limit 1`
        const [row] = (await first.execute(db)).rows
        if (row === undefined || row.created_at >= before) return
        await sql`delete from span_links where id < ${row.id + MAX_ROWS} and created_at < ${before}`.execute(db)
      }
    },
  }
}

/** A row for each trace: its steps with their parents. */
export function tracesOfLinks(
  links: readonly StepLink[],
): readonly { readonly trace: string; readonly links: readonly (readonly [string, string])[] }[] {
  return [...Map.groupBy(links, ({ traceId }) => traceId)].map(([traceId, steps]) => ({
    trace: cleanText(traceId),
    links: steps.map(({ spanId, parentId }) => [cleanText(spanId), cleanText(parentId)] as const),
  }))
}

function linksOf({ trace_id: traceId, links }: LinksRow): StepLink[] {
  const pairs = JSON.parse(links) as readonly (readonly [string, string])[] // written by `tracesOfLinks`
  return pairs.map(([spanId, parentId]) => ({ traceId, spanId, parentId }))
}
