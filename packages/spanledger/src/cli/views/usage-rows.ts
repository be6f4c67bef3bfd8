import type { CallFilter, Grouping, UsageRow } from '@spanledger/store'
import type { Ledger } from '../../ledger/ledger.ts'
import { createTimeFormat } from '../time.ts'
import { periodOf, type ReportGrouping } from './report-grouping.ts'

/** The sums of calls for each value of a grouping; periods in order of time, without those that have no calls. */
export async function usageRows(ledger: Ledger, filter: CallFilter, by: ReportGrouping): Promise<readonly UsageRow[]> {
  const period = periodOf(by)
  if (period === undefined) return ledger.breakdown(filter, by as Grouping) // it is no period
  const nameOf = createTimeFormat(filter.tz ?? 'UTC')
  const { buckets, totals } = await ledger.timeseries(filter, { bucket: period.bucket })
  return buckets.flatMap(({ start }, index): UsageRow[] => {
    const sums = totals[index]
    if (sums === undefined || sums.calls + sums.toolCalls + sums.openCalls === 0) return []
    return [{ key: nameOf(start).slice(0, period.nameLength), ...sums }]
  })
}
