import type { CallFilter, Grouping } from '../calls/call-filter.ts'
import type { UsageRow, UsageSummary } from '../sums/usage-totals.ts'
import type { CallFailure } from './failures.ts'
import type { Timeseries, TimeseriesOptions } from './timeseries.ts'
import type { ToolReport, ToolStats } from './tools.ts'
import type { BreakdownOptions, PercentileOption } from './usage-options.ts'

/** Adds up calls. */
export interface UsageStore {
  /** The totals of the calls of a filter. Without calls all counts are 0 and all sums NULL. */
  summary(filter: CallFilter, options?: PercentileOption): Promise<UsageSummary>

  /**
   * The same totals for each value of a grouping, the most expensive first; days in order of time. Calls whose value is
   * unknown count under the key NULL, so the rows add up to the summary. By tag, a call counts under each of its tags; by tool, a model
   * call counts under each tool that it asked for. By model, tool calls count under the model that asked for them.
   * Days without calls are missing. With a limit, the remaining rows are added up in a last row (`isOther`).
   */
  breakdown(filter: CallFilter, groupBy: Grouping, options?: BreakdownOptions): Promise<readonly UsageRow[]>

  /** The totals of the calls of a filter over time, in buckets of the filter's time zone. */
  timeseries(filter: CallFilter, options?: TimeseriesOptions): Promise<Timeseries>

  /** How each tool performed, the most called first. Empty if no tool was called. */
  toolStats(filter: CallFilter): Promise<readonly ToolStats[]>

  /** The same with the failures of each tool by message, and its calls over time. */
  toolReport(filter: CallFilter, options?: Pick<TimeseriesOptions, 'bucket'>): Promise<ToolReport>

  /** Why billable calls failed, the most frequent error first, at most 50. Failures of tools are in the tool report. */
  failures(filter: CallFilter): Promise<readonly CallFailure[]>
}
