import {
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetScope,
  type BudgetState,
  type FilterName,
} from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import {
  addDatabaseOption,
  askDatabase,
  changeDatabase,
  changeExistingDatabase,
  type DatabaseOption,
} from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { createTimeFormat, parseTimeZone } from '../cli/time.ts'
import { toCsv } from '../cli/text/csv.ts'
import { formatUsd, toUsdText } from '../cli/text/numbers.ts'
import { renderTable, type TableColumn } from '../cli/text/table.ts'

interface ListOptions extends DatabaseOption {
  readonly format: Format
}

interface AddOptions extends ListOptions {
  readonly limit: number
  readonly period: BudgetPeriod
  readonly tz?: string
  readonly webhook?: string
  readonly for?: BudgetScope
}

// Whether a budget can be for one value of it, in the order of the help.
const IS_SCOPE: { readonly [Name in FilterName]: boolean } = {
  project: true,
  user: true,
  company: true,
  session: true,
  task: true,
  operation: true,
  model: true,
  provider: true,
  tag: true,
  service: true,
  environment: true,
  callType: false,
  trace: false,
  kind: false,
  status: false,
  tool: false,
}

const SCOPES = (Object.keys(IS_SCOPE) as readonly FilterName[]).filter((name) => IS_SCOPE[name]) // its keys are those names

export function addBudgetsCommand(program: Command, context: CliContext): void {
  const budgets = program.command('budgets').description('What calls may cost in a day, a week or a month.')
  addListCommand(budgets, context)
  addAddCommand(budgets, context)
  addRemoveCommand(budgets, context)
}

function addListCommand(budgets: Command, context: CliContext): void {
  const command = budgets.command('list', { isDefault: true }).description('All budgets, and how each stands now.')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addDatabaseOption(command)
  command.action((options: ListOptions) =>
    askDatabase(options, context, async (store) => {
      const all = await store.budgets()
      await printBudgets(all, options.format, context)
      if (all.length === 0) context.output.note('No budgets; "spanledger budgets add NAME --limit 50" makes one')
    }),
  )
}

function addAddCommand(budgets: Command, context: CliContext): void {
  const command = budgets
    .command('add')
    .description(
      'A new budget. A running "spanledger serve" tells its webhook at 50, 80 and 95 percent, once a period.',
    )
    .argument('<name>')
    .addOption(
      new Option('--limit <usd>', 'dollars that may be spent in a period').argParser(parseLimit).makeOptionMandatory(),
    )
    .addOption(new Option('--period <name>').choices(BUDGET_PERIODS).default('month'))
    .option('--tz <zone>', 'IANA time zone in which periods begin (default: that of this machine)')
    .option('--webhook <url>', 'http or https address that is sent JSON')
    .addOption(
      new Option(
        '--for <name=value>',
        `only calls of which this holds: ${SCOPES.join(', ')}; may be repeated`,
      ).argParser(collectScope),
    )
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addDatabaseOption(command)
  command.action((name: string, options: AddOptions) => addBudget(name, options, context))
}

async function addBudget(name: string, options: AddOptions, context: CliContext): Promise<void> {
  const { limit, period, webhook, for: scope = {} } = options
  const tz = options.tz === undefined ? context.timeZone : parseTimeZone(options.tz)
  if (webhook !== undefined && !isHttpUrl(webhook)) {
    throw new UsageError(`--webhook "${webhook}" is no http or https address`)
  }
  await changeDatabase(options, context, async (store) => {
    const { id } = await store.createBudget({
      name,
      scope,
      period,
      tz,
      limitNanoUsd: limit,
      webhookUrl: webhook ?? null,
    })
    const made = (await store.budgets()).filter((budget) => budget.id === id)
    await printBudgets(made, options.format, context)
  })
}

function addRemoveCommand(budgets: Command, context: CliContext): void {
  const command = budgets.command('remove').description('Takes a budget away.').argument('<name>', 'name or id')
  addDatabaseOption(command)
  command.action((name: string, options: DatabaseOption) =>
    changeExistingDatabase(options, context, async (store) => {
      const budget = (await store.budgets()).find((one) => one.id === name || one.name === name)
      if (budget === undefined || !(await store.deleteBudget(budget.id))) {
        throw new Error(`No budget "${name}"; "spanledger budgets list" shows what there is`)
      }
      context.output.note(`Removed "${budget.name}"`)
    }),
  )
}

async function printBudgets(budgets: readonly BudgetState[], format: Format, context: CliContext): Promise<void> {
  const { output } = context
  const rows = budgets.map((budget) => ({
    ...budget,
    limitUsd: budget.limitNanoUsd / 1e9,
    spentUsd: budget.spentNanoUsd / 1e9,
  }))
  if (format === 'json') return output.write(`${JSON.stringify(rows, null, 2)}\n`)
  if (format === 'jsonl') return output.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  if (format === 'csv') {
    const titles = [
      'id',
      'name',
      'scope',
      'period',
      'tz',
      'limit_usd',
      'spent_usd',
      'percent',
      'period_start',
      'period_end',
    ]
    const cells = budgets.map((one) => [
      one.id,
      one.name,
      scopeText(one),
      one.period,
      one.tz,
      toUsdText(one.limitNanoUsd),
      toUsdText(one.spentNanoUsd),
      one.percent,
      one.periodStart,
      one.periodEnd,
    ])
    return output.write(toCsv([titles, ...cells]))
  }
  if (budgets.length > 0)
    await output.write(renderTable(budgets, COLUMNS, { width: output.width, heading: output.heading }).text)
}

const COLUMNS: readonly TableColumn<BudgetState>[] = [
  { title: 'name', cell: ({ name }) => name },
  { title: 'for', cell: scopeText, dropOrder: 2 },
  { title: 'period', cell: ({ period }) => period },
  { title: 'spent', align: 'right', cell: ({ spentNanoUsd }) => formatUsd(spentNanoUsd) },
  { title: 'limit', align: 'right', cell: ({ limitNanoUsd }) => formatUsd(limitNanoUsd) },
  { title: 'used', align: 'right', cell: ({ percent }) => `${Math.floor(percent)}%` },
  { title: 'until', cell: ({ periodEnd, tz }) => createTimeFormat(tz)(periodEnd), dropOrder: 1 },
]

function scopeText({ scope }: Pick<BudgetState, 'scope'>): string {
  const parts = Object.entries(scope).map(
    ([name, value]) =>
      `${name}=${[value]
        .flat()
        .map((one) => one ?? '')
        .join('|')}`,
  )
  return parts.length === 0 ? 'every call' : parts.join(' ')
}

function parseLimit(text: string): number {
  const nanoUsd = /^\d{1,7}(\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1e9) : 0
  if (nanoUsd > 0) return nanoUsd
  throw new UsageError(`--limit "${text}" is no sum; use dollars such as 50 or 0.5`)
}

function collectScope(text: string, before: BudgetScope | undefined): BudgetScope {
  const [, name, value = ''] = /^([a-z]+)=(.*)$/i.exec(text) ?? []
  const known = SCOPES.find((scope) => scope === name)
  if (known === undefined)
    throw new UsageError(`--for "${text}" is no condition; use one such as project=shop (${SCOPES.join(', ')})`)
  return { ...before, [known]: value === '' ? null : value }
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '')
}
