import { z } from '@hono/zod-openapi'
import { BUDGET_PERIODS } from '@spanledger/store'
import { filterBody } from './filter.ts'
import { listOf } from './list.ts'
import { nanoUsd, time, usd } from './number.ts'
import { name } from './text.ts'
import { timeZone } from './time-range.ts'
import { strict } from './strict.ts'

const scope = strict(filterBody).openapi('BudgetScope', {
  description: 'Filter names and values; a call must match all of them. Empty: every call.',
})

const webhookUrl = z
  .string()
  .max(2000)
  .refine(isHttpUrl, 'must be an http or https URL without a password')
  .openapi({ description: 'The http or https URL that receives a JSON body once per period and threshold.' })

/** POST /api/budgets. */
export const budgetBody = strict({
  name,
  scope: scope.optional(),
  period: z.enum(BUDGET_PERIODS),
  tz: timeZone.optional(),
  limitUsd: z.number('must be a number').positive('must be above 0').max(9_000_000, 'must be at most 9000000 dollars'),
  webhookUrl: webhookUrl.nullish(),
}).openapi('BudgetBody')

/** What is spent of a budget in the current period. */
export const budgetState = z
  .strictObject({
    spentNanoUsd: nanoUsd,
    spentUsd: usd,
    percent: z.number().min(0),
    periodStart: time,
    periodEnd: time,
    lastWarning: z.union([z.literal(50), z.literal(80), z.literal(95)]).nullable(),
  })
  .openapi('BudgetState')

export const budget = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    scope,
    period: z.enum(BUDGET_PERIODS),
    tz: z.string(),
    limitUsd: z.number(),
    webhookUrl: z.string().nullable(),
    createdAt: time,
    state: budgetState,
  })
  .openapi('Budget')

export const budgetList = listOf(budget).openapi('BudgetList')

export type BudgetBody = z.infer<typeof budgetBody>
export type BudgetList = z.infer<typeof budgetList>
export type BudgetView = z.infer<typeof budget>

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  )
}
