import { createRoute, z } from '@hono/zod-openapi'
import type { BudgetState } from '@spanledger/store'
import type { Context } from 'hono'
import type { ServerEnv } from '../../http/access.ts'
import { HttpError } from '../../http/http-error.ts'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { toBudgetView } from '../budget-view.ts'
import { jsonBody } from '../json-body.ts'
import { missing } from '../missing.ts'
import { projectOf } from '../read-filter.ts'
import { type BudgetBody, budget, budgetBody, budgetList } from '../schemas/budget.ts'
import { name } from '../schemas/text.ts'

/** More budgets than anybody looks at; each is a question a minute. */
const MAX_BUDGETS = 200

/** What calls may cost in a period. */
export function budgetsRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addPost(part, context)
  addDelete(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/budgets',
    summary: 'All budgets, and how each stands now.',
    request: { query: z.strictObject({}) },
    responses: { ...answers(200, budgetList, 'All of them.'), ...refusals(400) },
  })
  part.openapi(route, async (c) => {
    const project = projectOf(c)
    const budgets = (await store.budgets()).filter(({ scope }) => project === undefined || scope.project === project)
    return c.json({ data: budgets.map((one) => toBudgetView(one, isAdmin(c))), next: null }, 200)
  })
}

function addPost(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'post',
    path: '/api/budgets',
    summary: 'A new budget; its webhook is told at 50, 80 and 95 percent, once a period.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: budgetBody } } } },
    responses: { ...answers(201, budget, 'It is there.'), ...refusals(400, 409, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const body: BudgetBody = c.req.valid('json')
    const others = await store.budgets()
    if (others.length >= MAX_BUDGETS) throw conflict(`There are ${MAX_BUDGETS} budgets already`, 'Delete one first')
    if (others.some((other) => other.name === body.name)) {
      throw conflict('A budget with this name is there already', 'Delete it first, or take another name', 'name')
    }
    const { id } = await store.createBudget({
      name: body.name,
      scope: body.scope ?? {},
      period: body.period,
      tz: body.tz ?? 'UTC',
      limitNanoUsd: Math.max(1, Math.round(body.limitUsd * 1e9)),
      webhookUrl: body.webhookUrl ?? null,
    })
    return c.json(toBudgetView(await stateOf(store, id), isAdmin(c)), 201)
  })
}

function addDelete(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/budgets/{id}',
    summary: 'Takes a budget away.',
    request: { params: z.object({ id: name }), query: z.strictObject({}) },
    responses: {
      ...answers(200, z.strictObject({ id: z.string() }).openapi('Deleted'), 'It is gone.'),
      ...refusals(400, 404),
    },
  })
  part.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await store.deleteBudget(id))) throw missing('budget', 'GET /api/budgets lists them')
    return c.json({ id }, 200)
  })
}

async function stateOf(store: ApiContext['store'], id: string): Promise<BudgetState> {
  const state = (await store.budgets()).find((one) => one.id === id)
  if (state === undefined) throw missing('budget', 'Somebody has just deleted it')
  return state
}

function isAdmin(c: Context<ServerEnv>): boolean {
  const access = c.var.access as ServerEnv['Variables']['access'] | undefined // none without the server around it
  return access === undefined || access.scope === 'admin'
}

function conflict(message: string, hint: string, field?: string): HttpError {
  return new HttpError(message, { status: 409, code: 'conflict', field, hint })
}
