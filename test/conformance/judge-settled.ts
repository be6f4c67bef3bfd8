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
    ...extra.map((row) => `settled, there is a ${row.kind} too many: "${row.name}"`),
    ...ended.flatMap((row) => {
      const other = settled.get(row.span_id)
      return other === undefined ? [`settled, ${row.kind} "${row.name}" is missing`] : differences(row, other)
    }),
  ]
}

function differences(row: Call, settled: Call): readonly string[] {
  const columns = Object.keys(row) as (keyof Call)[] // a row has its columns and nothing else
  return columns.flatMap((column) => {
    const [a, b] = [row[column], settled[column]]
    if (JSON.stringify(a) === JSON.stringify(b)) return []
    // Tool time is taken off in whole milliseconds there, one tool at a time.
    if (column === 'duration_ms' && Math.abs(Number(a) - Number(b)) <= 5) return []
    return [`settled, ${column} of ${row.kind} "${row.name}" is ${JSON.stringify(b)}, not ${JSON.stringify(a)}`]
  })
}
