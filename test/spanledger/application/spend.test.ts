import { join } from 'node:path'
import { inspect } from 'node:util'
import { createServer, hashToken } from '@spanledger/server'
import { spend } from 'spanledger'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { DATABASES, type TestDatabase } from '../../store/stores.ts'
import { emptyFolder, folderWithCalls } from '../run-cli.ts'

const HOUR = 3_600_000

const id = (number: number) => {
  const spanId = number.toString(16).padStart(16, '0')
  return { span_id: spanId, run_id: spanId }
}

const TOKEN = 't'.repeat(32)

const ended: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

async function openedDatabase(create: () => Promise<TestDatabase>) {
  const database = await create()
  ended.push(() => database.remove())
  return { url: database.url, store: await database.open() }
}

/** A server over a database, with a token that may read, and what asks it. */
async function servedDatabase(create: () => Promise<TestDatabase>, project?: string) {
  const { store } = await openedDatabase(create)
  const server = createServer({ store, tokens: [{ hash: hashToken(TOKEN), scope: 'read', project }] })
  ended.push(() => server.close())
  return { url: (await server.listen({ port: 0 })).url, store }
}

const PLACES = [
  ...DATABASES.map(({ name, create }) => ({ name, open: () => openedDatabase(create) })),
  ...DATABASES.map(({ name, create }) => ({ name: `a server on ${name}`, open: () => servedDatabase(create) })),
]

describe.each(PLACES)('spend of $name', ({ open }) => {
  test('adds up what a user has spent since a time', async () => {
    const now = Date.now()
    const { url: database, store } = await open()
    await store.write([
      call({ ...id(1), user_id: 'ada', cost_nano_usd: 500_000_000, started_at: now - HOUR }),
      call({ ...id(2), user_id: 'ada', cost_nano_usd: 250_000_000, started_at: now - 30 * HOUR }),
      call({ ...id(3), user_id: 'ada', cost_nano_usd: null, cost_source: null, started_at: now - HOUR }),
      call({ ...id(4), user_id: 'b & b', cost_nano_usd: 900_000_000, started_at: now - HOUR, tags: ['beta'] }),
    ])
    const asked = { database, token: TOKEN }
    expect(await spend({ ...asked, userId: 'ada', since: '24h' })).toEqual({
      costUsd: 0.5,
      costNanoUsd: 500_000_000,
      calls: 2,
      totalTokens: 280,
      unknownCostCalls: 1,
    })
    expect((await spend({ ...asked, userId: 'ada' })).costUsd).toBe(0.75)
    expect((await spend({ ...asked, userId: 'b & b' })).costUsd).toBe(0.9)
    expect((await spend({ ...asked, since: new Date(now - 2 * HOUR) })).costUsd).toBe(1.4)
    expect((await spend({ ...asked, since: now - 2 * HOUR, tag: 'beta' })).costUsd).toBe(0.9)
    expect(await spend({ ...asked, userId: 'carol' })).toEqual({
      costUsd: 0,
      costNanoUsd: 0,
      calls: 0,
      totalTokens: 0,
      unknownCostCalls: 0,
    })
  })
})

describe('spend of a server', () => {
  const [sqlite] = DATABASES

  test('says what is wrong with a token, and with an address', async () => {
    const { url: database } = await servedDatabase(sqlite!.create)
    const message = `spend: ${database} refuses this token; set SPANLEDGER_TOKEN to one with the scope read`
    await expect(spend({ database })).rejects.toThrow(message)
    await expect(spend({ database, token: 'x'.repeat(32) })).rejects.toThrow(message)
    await expect(spend({ database: 'http://127.0.0.1:1' })).rejects.toThrow('http://127.0.0.1:1 does not answer')
    await expect(spend({ database: `${database}/elsewhere`, token: TOKEN })).rejects.toThrow('answers 404')
  })

  test('keeps the password of an address out of what it says', async () => {
    const { url } = await servedDatabase(sqlite!.create)
    const withPassword = (address: string) => address.replace('//', '//ada:s@secret@')
    expect(await spend({ database: withPassword(url), token: TOKEN })).toMatchObject({ calls: 0 })
    const error = await spend({ database: withPassword('http://127.0.0.1:1') }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(inspect(error)).not.toContain('secret')
  })

  test('counts what the token may see', async () => {
    const { url: database, store } = await servedDatabase(sqlite!.create, 'web')
    await store.write([call({ ...id(1), project_id: 'web' }), call({ ...id(2), project_id: 'shop' })])
    expect(await spend({ database, token: TOKEN })).toMatchObject({ calls: 1 })
  })
})

describe('spend', () => {
  test('is nothing where no call was ever stored', async () => {
    expect(await spend({ database: join(emptyFolder(), 'none.db') })).toMatchObject({ costUsd: 0, calls: 0 })
  })

  // It would say what all users have spent, and let this one go on or not by that.
  test.each([undefined, null, '', 5])('rejects the user %j', async (userId) => {
    const database = join(await folderWithCalls([call()]), 'usage.db')
    await expect(spend({ userId: userId as string, database })).rejects.toThrow('pass an id, or leave it out')
  })

  test('rejects a time that is none', async () => {
    const database = join(await folderWithCalls([call()]), 'usage.db')
    await expect(spend({ since: 'yesterday', database })).rejects.toThrow('since "yesterday" must be a time')
    await expect(spend({ since: Number.NaN, database })).rejects.toThrow('since must be a time')
  })
})
