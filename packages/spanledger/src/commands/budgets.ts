import {
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetScope,
  type BudgetState,
  type FilterName,
} from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, changeDatabase, changeExistingDatabase, type DatabaseOption } from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../cli/ledger.ts'
import { createTimeFormat, parseTimeZone } from '../cli/time.ts'
import { toCsv, toUsdText } from '@spanledger/server/export'
import { formatPercent, formatUsd } from '../cli/text/numbers.ts'
import { renderTable, type TableColumn } from '../cli/text/table.ts'

interface ListOptions extends LedgerOption {
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
  requestedModel: false,
  callType: false,
  trace: false,
  kind: false,
  status: false,
  tool: false,
  usedTool: false,
}

const SCOPES = (Object.keys(IS_SCOPE) as readonly FilterName[]).filter((name) => IS_SCOPE[name]) // its keys are those names

export function addBudgetsCommand(program: Command, context: CliContext): void {
  const budgets = program.command('budgets').description('Limits on what calls may cost per day, week or month.')
  addListCommand(budgets, context)
  addAddCommand(budgets, context)
  addRemoveCommand(budgets, context)
}

function addListCommand(budgets: Command, context: CliContext): void {
  const command = budgets
    .command('list', { isDefault: true })
    .description('Lists all budgets and what each has spent in its current period.')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addLedgerOption(command)
  command.action((options: ListOptions) =>
    askLedger(options, context, async (ledger) => {
      const all = await ledger.budgets()
      await printBudgets(all, options.format, context)
      if (all.length === 0) context.output.note('No budgets; add one with "spanledger budgets add NAME --limit 50"')
    }),
  )
}

function addAddCommand(budgets: Command, context: CliContext): void {
  const command = budgets
    .command('add')
    .description(
      'Adds a budget. A running "spanledger serve" calls its webhook at 50, 80 and 95 percent, once per period.',
    )
    .argument('<name>')
    .addOption(new Option('--limit <usd>', 'limit per period in dollars').argParser(parseLimit).makeOptionMandatory())
    .addOption(new Option('--period <name>').choices(BUDGET_PERIODS).default('month'))
    .option('--tz <zone>', 'IANA time zone of the periods (default: the time zone of this machine)')
    .option('--webhook <url>', 'http or https URL that receives warnings as JSON')
    .addOption(
      new Option(
        '--for <name=value>',
        `count only calls with this value of ${SCOPES.join(', ')}; may be repeated`,
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
    throw new UsageError(`--webhook "${webhook}" must be an http or https URL`)
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
  const command = budgets.command('remove').description('Deletes a budget.').argument('<name>', 'name or id')
  addDatabaseOption(command)
  command.action((name: string, options: DatabaseOption) =>
    changeExistingDatabase(options, context, async (store) => {
      const budget = (await store.budgets()).find((one) => one.id === name || one.name === name)
      if (budget === undefined || !(await store.deleteBudget(budget.id))) {
        throw new Error(`No budget "${name}"; "spanledger budgets list" shows all budgets`)
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
  { title: 'used', align: 'right', cell: ({ percent }) => formatPercent(percent) },
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
  throw new UsageError(`--limit "${text}" must be an amount in dollars, such as 50 or 0.5`)
}

function collectScope(text: string, before: BudgetScope | undefined): BudgetScope {
  const [, name, value = ''] = /^([a-z]+)=(.*)$/i.exec(text) ?? []
  const known = SCOPES.find((scope) => scope === name)
  if (known === undefined)
    throw new UsageError(`--for "${text}" must be a condition such as project=shop (${SCOPES.join(', ')})`)
  return { ...before, [known]: value === '' ? null : value }
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '')
}
