import type { CallFilter } from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../cli/ledger.ts'
import { UsageError } from '../cli/error.ts'
import { addFilterOptions, type CliFilter, type FilterOptions, readFilter } from '../cli/filter.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { createTimeFormat } from '../cli/time.ts'
import { toCsv } from '@spanledger/server/export'
import { emptyAnswer } from '../cli/views/empty-answer.ts'
import { createComparisonReport } from '../cli/views/comparison-report.ts'
import { periodOf, REPORT_GROUPINGS, type ReportGrouping } from '../cli/views/report-grouping.ts'
import type { Report } from '../cli/views/report-view.ts'
import { createToolReport } from '../cli/views/tool-report.ts'
import { createUsageReport } from '../cli/views/usage-report.ts'
import type { Ledger } from '../ledger/ledger.ts'

interface ReportOptions extends FilterOptions, LedgerOption {
  readonly by: ReportGrouping
  readonly compare?: true
  readonly format: Format
}

const DEFAULT_SINCE = '30d'

export function addReportCommand(program: Command, context: CliContext): void {
  const command = program
    .command('report')
    .description('Adds up calls: count, tokens, cost, errors, time.')
    .addOption(new Option('--by <name>', REPORT_GROUPINGS.join(', ')).argParser(parseGrouping).default('model'))
    .option('--compare', 'beside it the range of equal length before, and the change in percent or points')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addLedgerOption(command)
  addFilterOptions(command, DEFAULT_SINCE)
  command.addHelpText(
    'after',
    '\n≈ marks a sum that includes estimates, – an unknown value. By tag, a call counts under each of its tags.',
  )
  command.action((options: ReportOptions) => printReport(options, context))
}

async function printReport(options: ReportOptions, context: CliContext): Promise<void> {
  const asked = readFilter(options, context, DEFAULT_SINCE)
  const previous = options.compare === true ? previousOf(asked.filter, options.by, context.now()) : undefined
  await askLedger(options, context, async (ledger, { name }) => {
    const report =
      previous === undefined
        ? await createReport(ledger, asked, options.by)
        : await createComparisonReport(ledger, { filter: asked.filter, previous }, options.by)
    await context.output.write(textOf(report, options, asked, context))
    if (report.isEmpty) context.output.note(await emptyAnswer(ledger, name, asked.timeZone))
  })
}

function createReport(ledger: Ledger, { filter }: CliFilter, by: ReportGrouping): Promise<Report> {
  return by === 'tool' ? createToolReport(ledger, filter) : createUsageReport(ledger, filter, by)
}

/** The range of equal length just before. */
function previousOf(filter: CallFilter, by: ReportGrouping, now: number): CallFilter {
  const { from } = filter
  if (from === undefined) throw new UsageError('--compare needs the start of a range; add --since')
  if (by === 'day' || periodOf(by) !== undefined) {
    throw new UsageError(`--compare has no rows in common by ${by}; use --by model or another grouping that is no time`)
  }
  return { ...filter, from: Math.max(0, from - ((filter.to ?? Math.max(now, from + 1)) - from)), to: from }
}

function textOf(report: Report, { by, format }: ReportOptions, asked: CliFilter, context: CliContext): string {
  if (format === 'csv') return toCsv(report.csv)
  if (format === 'jsonl') return report.rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  if (format === 'json') {
    const { from, to } = asked.filter
    const range = { from: isoTime(from), to: isoTime(to), timeZone: asked.timeZone }
    return `${JSON.stringify({ by, ...range, rows: report.rows, totals: report.totals }, null, 2)}\n`
  }
  if (report.isEmpty) return ''
  const { text, leftOut } = report.table({ width: context.output.width, heading: context.output.heading })
  if (leftOut.length > 0) {
    context.output.note(`Narrow terminal: left out ${leftOut.join(', ')}; use a wider one or --format json`)
  }
  return `${text}\n${[...report.footer, rangeText(asked)].join(' · ')}\n`
}

function rangeText({ filter: { from, to }, timeZone }: CliFilter): string {
  const format = createTimeFormat(timeZone)
  const since = from === undefined ? 'from the first call' : `since ${format(from)}`
  const until = to === undefined ? '' : ` until ${format(to)}`
  return `${since}${until} (${timeZone})`
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}

function parseGrouping(text: string): ReportGrouping {
  const camel = text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const grouping = REPORT_GROUPINGS.find((name) => name === camel)
  if (grouping !== undefined) return grouping
  throw new UsageError(`Unknown grouping "${text}"; use ${REPORT_GROUPINGS.join(', ')}`)
}
