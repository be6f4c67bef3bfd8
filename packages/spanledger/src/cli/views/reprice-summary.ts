import type { RepricedCall } from '@spanledger/store'
import type { Format } from '../format.ts'
import { toCsv, toUsdText } from '@spanledger/server/export'
import { countOf, formatUsd, UNKNOWN } from '../text/numbers.ts'
import { renderTable, type TableColumn } from '../text/table.ts'

/** How repricing changed, or would change, the calls of one model. */
interface ModelSums {
  readonly provider: string | null
  readonly model: string | null
  /** Checked calls. */
  readonly calls: number
  readonly changed: number
  /** Sums over all checked calls; null if none has a cost. */
  readonly oldCostNanoUsd: number | null
  readonly newCostNanoUsd: number | null
  readonly unpricedBefore: number
  readonly unpricedAfter: number
}

/** Adds up the results of repricing. */
export interface RepriceSummary {
  add(call: RepricedCall): void
  text(format: Format, options: TextOptions): string
  /** The lines for stderr. */
  notes(options: Pick<TextOptions, 'isWritten'>): string[]
}

interface TextOptions {
  readonly width: number | undefined
  readonly heading: (text: string) => string
  readonly isWritten: boolean
}

interface Tally {
  calls: number
  changed: number
  oldNano: bigint
  newNano: bigint
  unpricedBefore: number
  unpricedAfter: number
}

const COLUMNS: readonly TableColumn<ModelSums>[] = [
  {
    title: 'model',
    cell: (row) => (row.model === null ? UNKNOWN : [row.provider, row.model].filter(Boolean).join('/')),
  },
  { title: 'calls', align: 'right', cell: (row) => row.calls.toLocaleString('en-US') },
  { title: 'changed', align: 'right', cell: (row) => row.changed.toLocaleString('en-US') },
  { title: 'old cost', align: 'right', cell: (row) => usdCell(row.oldCostNanoUsd) },
  { title: 'new cost', align: 'right', cell: (row) => usdCell(row.newCostNanoUsd) },
  { title: 'unpriced before', align: 'right', cell: (row) => row.unpricedBefore.toLocaleString('en-US'), dropOrder: 1 },
  { title: 'after', align: 'right', cell: (row) => row.unpricedAfter.toLocaleString('en-US'), dropOrder: 2 },
]

const FIELDS = [
  ['provider', 'provider'],
  ['model', 'model'],
  ['calls', 'calls'],
  ['changed', 'changed'],
  ['oldCostNanoUsd', 'old_cost_nano_usd'],
  ['newCostNanoUsd', 'new_cost_nano_usd'],
  ['unpricedBefore', 'unpriced_before'],
  ['unpricedAfter', 'unpriced_after'],
] as const satisfies readonly (readonly [keyof ModelSums, string])[]

export function createRepriceSummary(): RepriceSummary {
  const models = new Map<string, { readonly provider: string | null; readonly model: string | null } & Tally>()
  const total = { provider: null, model: 'total', ...emptyTally() }
  let customPricesGone = 0
  const rows = () => [...models.values()].map(sumsOf).sort(mostChangedFirst)
  return {
    add({ before, after }) {
      const { provider, model } = before
      const key = JSON.stringify([provider, model])
      const sums = models.get(key) ?? { provider, model, ...emptyTally() }
      models.set(key, sums)
      for (const tally of [sums, total]) count(tally, { before, after })
      if (before.cost_source === 'custom' && after.cost_source !== 'custom') customPricesGone += 1
    },
    text(format, { width, heading, isWritten }) {
      const totals = sumsOf(total)
      if (format === 'json') return `${JSON.stringify({ isWritten, rows: rows(), totals }, null, 2)}\n`
      if (format === 'jsonl')
        return rows()
          .map((row) => `${JSON.stringify(row)}\n`)
          .join('')
      if (format === 'csv')
        return toCsv([FIELDS.map(([, title]) => title), ...rows().map((row) => FIELDS.map(([name]) => row[name]))])
      const changed = rows().filter((row) => row.changed > 0)
      return changed.length === 0 ? '' : renderTable(changed, COLUMNS, { width, heading, total: totals }).text
    },
    notes({ isWritten }) {
      const { calls, changed, oldNano, newNano } = total
      if (calls === 0) return ['No matching call gets its cost from a price']
      if (changed === 0) return [`Nothing to change: ${countOf(calls, 'call')} already at current prices`]
      const verb = isWritten ? 'changed' : 'would change'
      const sums = `from $${toUsdText(Number(oldNano))} to $${toUsdText(Number(newNano))}`
      const notes = [`${countOf(changed, 'call')} of ${calls.toLocaleString('en-US')} ${verb}: ${sums}`]
      if (customPricesGone > 0) notes.push(customPricesText(customPricesGone))
      if (!isWritten) notes.push('Nothing was written; add --yes to write')
      return notes
    },
  }
}

function customPricesText(calls: number): string {
  return (
    `${countOf(calls, 'call')} had a custom price that is missing here: store it in the database ` +
    '("spanledger prices set --from-file prices.json") or set SPANLEDGER_PRICES to its file'
  )
}

function emptyTally(): Tally {
  return { calls: 0, changed: 0, oldNano: 0n, newNano: 0n, unpricedBefore: 0, unpricedAfter: 0 }
}

function count(tally: Tally, { before, after }: RepricedCall): void {
  tally.calls += 1
  if (before !== after) tally.changed += 1
  if (before.cost_nano_usd === null) tally.unpricedBefore += 1
  else tally.oldNano += BigInt(before.cost_nano_usd)
  if (after.cost_nano_usd === null) tally.unpricedAfter += 1
  else tally.newNano += BigInt(after.cost_nano_usd)
}

function sumsOf({ oldNano, newNano, ...tally }: Tally & Pick<ModelSums, 'provider' | 'model'>): ModelSums {
  const { provider, model, calls, changed, unpricedBefore, unpricedAfter } = tally
  return {
    provider,
    model,
    calls,
    changed,
    oldCostNanoUsd: unpricedBefore === calls ? null : Number(oldNano),
    newCostNanoUsd: unpricedAfter === calls ? null : Number(newNano),
    unpricedBefore,
    unpricedAfter,
  }
}

function mostChangedFirst(a: ModelSums, b: ModelSums): number {
  const moved = (row: ModelSums) => Math.abs((row.newCostNanoUsd ?? 0) - (row.oldCostNanoUsd ?? 0))
  return moved(b) - moved(a) || b.changed - a.changed || b.calls - a.calls
}

function usdCell(nanoUsd: number | null): string {
  return nanoUsd === null ? UNKNOWN : formatUsd(nanoUsd)
}
