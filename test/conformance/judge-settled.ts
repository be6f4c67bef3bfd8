import type { Call } from '@spanledger/core'
import type { CellRun } from './run-cell.ts'

/**
 * What raw spans, converted one by one and settled afterwards, say otherwise than the process that made them. Only a
 * process knows of spans that never end, and of tool calls that the SDK refuses without a span.
 */
export function settledProblems({ rows, settledRows, spans }: CellRun): readonly string[] {
  const settled = new Map(settledRows.map((row) => [row.span_id, row] as const))
  const spanIds = new Set(spans.map((span) => span.spanContext().spanId))
  const ended = rows.filter((row) => spanIds.has(row.span_id))
  const extra = settledRows.filter((row) => !ended.some(({ span_id: id }) => id === row.span_id))
  return [
    ...extra.map((row) => `settled, unexpected ${row.kind} "${row.name}"`),
    ...ended.flatMap((row) => {
      const other = settled.get(row.span_id)
      if (other === undefined) return [`settled, ${row.kind} "${row.name}" is missing`]
      const tools = rows.filter(({ kind, parent_span_id: parent }) => kind === 'tool' && parent === row.span_id)
      return differences(row, other, 3 + tools.length)
    }),
  ]
}

// Tool time is taken off in whole milliseconds there, one tool at a time, and less than 3 ms of it not at all.
function differences(row: Call, settled: Call, toleranceMs: number): readonly string[] {
  const columns = Object.keys(row) as (keyof Call)[] // a row has its columns and nothing else
  return columns.flatMap((column) => {
    const [a, b] = [row[column], settled[column]]
    if (JSON.stringify(a) === JSON.stringify(b)) return []
    if (column === 'duration_ms' && Math.abs(Number(a) - Number(b)) <= toleranceMs) return []
    return [`settled, ${column} of ${row.kind} "${row.name}" is ${JSON.stringify(b)}, not ${JSON.stringify(a)}`]
  })
}
