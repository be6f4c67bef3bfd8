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

/** Each budget costs one query a minute. */
const MAX_BUDGETS = 200

/** Routes of budgets. */
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
    summary: 'List all budgets with their current state.',
    request: { query: z.strictObject({}) },
    responses: { ...answers(200, budgetList, 'All budgets.'), ...refusals(400) },
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
    summary: 'Create a budget. Its webhook is called at 50, 80 and 95 percent, once per period.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: budgetBody } } } },
    responses: { ...answers(201, budget, 'The budget.'), ...refusals(400, 409, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const body: BudgetBody = c.req.valid('json')
    const others = await store.budgets()
    if (others.length >= MAX_BUDGETS) throw conflict(`There are already ${MAX_BUDGETS} budgets`, 'Delete one first')
    if (others.some((other) => other.name === body.name)) {
      throw conflict('A budget with this name already exists', 'Delete it first, or use another name', 'name')
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
    summary: 'Delete a budget.',
    request: { params: z.object({ id: name }), query: z.strictObject({}) },
    responses: {
      ...answers(200, z.strictObject({ id: z.string() }).openapi('Deleted'), 'The budget is deleted.'),
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
  if (state === undefined) throw missing('budget', 'It has just been deleted')
  return state
}

function isAdmin(c: Context<ServerEnv>): boolean {
  const access = c.var.access as ServerEnv['Variables']['access'] | undefined // absent if the API runs without the server around it
  return access === undefined || access.scope === 'admin'
}

function conflict(message: string, hint: string, field?: string): HttpError {
  return new HttpError(message, { status: 409, code: 'conflict', field, hint })
}
