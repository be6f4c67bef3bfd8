import { type CallLog, type CustomPrice, parseUncheckedCallLine, PRICE_LIST, type PriceList } from '@spanledger/core'
import type {
  Breakdown,
  BudgetList,
  CallList,
  Overview,
  PriceListAnswer,
  PriceRow,
  Timeseries,
  ToolsAnswer,
  TraceAnswer,
  TraceList,
} from '@spanledger/server/api'
import type { BucketSize, StoredCall, UsageRow, UsageSummary, UsageTotals } from '@spanledger/store'
import type { LedgerServer } from '../destination/destination.ts'
import { filterQuery } from './filter-query.ts'
import type { Ledger } from './ledger.ts'
import { createServerApi, type ServerApi } from './server-api.ts'
import { toBudgetState, toStoredCall, toStoredTree } from './stored-views.ts'

/** The longest page of the API, and the most rows of a breakdown. */
const MAX_PAGE = 1000

/** Asks a `spanledger serve` instead of a database. It sees what its token may see. */
export function createServerLedger(server: LedgerServer): Ledger {
  const api = createServerApi(server)
  return {
    ...callsOf(api),
    ...sumsOf(api),
    ...pricesOf(api),
    async budgets() {
      const { data } = await api.get<BudgetList>('/api/budgets')
      return data.map(toBudgetState)
    },
  }
}

function callsOf(api: ServerApi): Pick<Ledger, 'calls' | 'iterate' | 'trace' | 'traces'> {
  return {
    async calls(filter, { content: _, ...page } = {}) {
      const { data, next } = await api.get<CallList>('/api/calls', { ...filterQuery(filter), ...page })
      return { calls: data.map(toStoredCall), ...(next === null ? {} : { next }) }
    },
    async *iterate(filter, { content = false } = {}) {
      const query = { ...filterQuery(filter), format: 'jsonl', ...(content ? { content: 'true' } : {}) }
      for await (const line of api.lines('/api/calls', query)) {
        yield parseUncheckedCallLine(line) as StoredCall & CallLog // a line of a store has the columns of its log
      }
    },
    async trace(traceId) {
      const found = await api.find<TraceAnswer>(`/api/traces/${encodeURIComponent(traceId)}`)
      if (found === undefined) return undefined
      const { root, totals, ...trace } = found
      return { ...trace, totals: toUsageTotals(totals), roots: toStoredTree(root) }
    },
    async traces({ prefix, limit }) {
      return (await api.get<TraceList>('/api/traces', { prefix, limit })).data
    },
  }
}

function sumsOf(api: ServerApi): Pick<Ledger, 'summary' | 'breakdown' | 'timeseries' | 'toolStats' | 'unpricedModels'> {
  return {
    async summary(filter) {
      const { totals } = await api.get<{ readonly totals: UsageSummary }>('/api/ai-usage/summary', filterQuery(filter))
      return toUsageTotals(totals)
    },
    async breakdown(filter, groupBy) {
      const found = await api.get<Breakdown>('/api/ai-usage/breakdown', {
        ...filterQuery(filter),
        groupBy,
        limit: MAX_PAGE,
      })
      const rows = found.rows.map(({ key, label: _, ...totals }): UsageRow => ({ key, ...toUsageTotals(totals) }))
      return found.other === null ? rows : [...rows, { key: null, isOther: true, ...toUsageTotals(found.other) }]
    },
    async timeseries(filter, { bucket = 'auto' } = {}) {
      const found = await api.get<Timeseries>('/api/ai-usage/timeseries', { ...filterQuery(filter), bucket })
      const bucketSize = found.bucket as BucketSize // of the list in the schema
      return { bucket: bucketSize, buckets: found.buckets, totals: found.totals.map(toUsageTotals) }
    },
    async toolStats(filter) {
      const { tools } = await api.get<ToolsAnswer>('/api/ai-usage/tools', filterQuery(filter))
      return tools.map(({ successRate: _, failures: __, ...tool }) => tool)
    },
    async unpricedModels(filter) {
      return (await api.get<Overview>('/api/overview', filterQuery(filter))).unpricedModels
    },
  }
}

function pricesOf(api: ServerApi): Pick<Ledger, 'customPrices' | 'publishedPrices'> {
  return {
    async customPrices() {
      const rows = await priceRows(api, 'custom')
      return { schema: 1, prices: rows.map(({ price }) => price as unknown as CustomPrice) } // entries of that format
    },
    async publishedPrices() {
      const { list } = await api.get<PriceListAnswer>('/api/prices', { limit: 1 })
      if (list.sha256 === PRICE_LIST.sha256) return PRICE_LIST
      const prices = Object.groupBy(await priceRows(api, 'list'), ({ provider }) => provider)
      const listed = Object.entries(prices).map(([provider, rows = []]) => [provider, rows.map(({ price }) => price)])
      return { ...PRICE_LIST, ...list, prices: Object.fromEntries(listed) as PriceList['prices'] } // entries of that format
    },
  }
}

async function priceRows(api: ServerApi, source: PriceRow['source']): Promise<PriceRow[]> {
  const rows: PriceRow[] = []
  let cursor: string | undefined
  do {
    const page: PriceListAnswer = await api.get('/api/prices', { source, cursor })
    rows.push(...page.data)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return rows
}

// What the API adds to sums would otherwise be in the output of the command.
function toUsageTotals(
  totals: UsageTotals & { readonly costUsd?: number | null } & Partial<UsageSummary>,
): UsageTotals {
  const { costUsd: _, duration: __, timeToFirstToken: ___, ...sums } = totals
  return sums
}
