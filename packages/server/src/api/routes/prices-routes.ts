import { createRoute, z } from '@hono/zod-openapi'
import { hasSameKey, type CustomPrice } from '@spanledger/core'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { withPrice } from '../custom-price.ts'
import { jsonBody } from '../json-body.ts'
import { missing } from '../missing.ts'
import { repriceCalls } from '../reprice-calls.ts'
import { MAX_PAGE, wholeNumber } from '../schemas/paging.ts'
import {
  customPrice,
  type PriceRow,
  priceList,
  priceKey,
  removedPrices,
  repriceAnswer,
  repriceBody,
  toRepriceFilter,
} from '../schemas/price.ts'
import { filterText } from '../schemas/text.ts'
import { strict } from '../schemas/strict.ts'

const listQuery = strict({
  q: filterText.optional().openapi({ description: 'Text to find in provider or model.' }),
  source: z.enum(['custom', 'list']).optional(),
  limit: wholeNumber({ min: 1, max: MAX_PAGE, byDefault: MAX_PAGE }),
  cursor: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a cursor from this server')
    .optional(),
})

/** Routes of prices, custom and published, and of re-pricing. */
export function pricesRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addPut(part, context)
  addDelete(part, context)
  addReprice(part, context)
  return part
}

function addList(part: Api, { prices }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/prices',
    summary: 'List all prices, custom prices first.',
    request: { query: listQuery },
    responses: { ...answers(200, priceList, 'A page of prices.'), ...refusals(400) },
  })
  part.openapi(route, async (c) => {
    const { q = '', source, limit = MAX_PAGE, cursor = '0' } = c.req.valid('query')
    const text = q.toLowerCase()
    const book = await prices()
    const found = book
      .entries()
      .filter((entry) => source === undefined || entry.source === source)
      .filter(({ provider, model }) => `${provider}/${model}`.toLowerCase().includes(text))
    const end = Number(cursor) + limit
    const data: PriceRow[] = found.slice(Number(cursor), end).map((entry) => ({ ...entry, price: { ...entry.price } }))
    return c.json({ data, next: end < found.length ? String(end) : null, list: { ...book.list } }, 200)
  })
}

function addPut(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'put',
    path: '/api/prices',
    summary: 'Set a custom price. It replaces the one for the same model, tier and start day.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: customPrice } } } },
    responses: { ...answers(200, customPrice, 'The price.'), ...refusals(400, 413, 415, 422) },
  })
  part.openapi(route, async (c) => {
    const price = c.req.valid('json')
    const entry = price as CustomPrice // the same fields; absent ones are not undefined
    await store.changePrices((prices) => withPrice(prices, entry))
    return c.json(price, 200)
  })
}

function addDelete(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/prices',
    summary: 'Delete the custom prices of a model.',
    request: { query: priceKey },
    responses: { ...answers(200, removedPrices, 'The deleted prices.'), ...refusals(400, 404) },
  })
  part.openapi(route, async (c) => {
    const { provider, model, tier, from } = c.req.valid('query')
    const isMeant = (price: CustomPrice): boolean =>
      hasSameKey(price, {
        provider,
        model,
        tier: tier === undefined ? (price.tier ?? null) : tier || null,
        from: from === undefined ? (price.from ?? null) : from || null,
      })
    let removed: readonly CustomPrice[] = []
    await store.changePrices(({ prices }) => {
      removed = prices.filter(isMeant)
      return { schema: 1, prices: prices.filter((price) => !isMeant(price)) }
    })
    if (removed.length === 0) throw missing('custom price', 'GET /api/prices?source=custom lists them')
    return c.json({ removed: removed as z.infer<typeof removedPrices>['removed'] }, 200) // entries of the file format
  })
}

function addReprice(part: Api, context: ApiContext): void {
  const route = createRoute({
    method: 'post',
    path: '/api/prices/reprice',
    summary:
      'Re-price calls with the current price list, each at its own time. Without `write` it only reports the changes.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: repriceBody } } } },
    responses: { ...answers(200, repriceAnswer, 'The changes.'), ...refusals(400, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const { filter = {}, write = false } = c.req.valid('json')
    return c.json(await repriceCalls(context, toRepriceFilter(filter), write), 200)
  })
}
