import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inspect } from 'node:util'
import { createServer, hashToken } from '@spanledger/server'
import { openUsageLog, spend, type UsageLogOptions } from 'spanledger'
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
      openCalls: 0,
      waitingCalls: 0,
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
      openCalls: 0,
      waitingCalls: 0,
    })
  })

  test('counts a call that is stored as open apart, and its cost as unknown', async () => {
    const { url: database, store } = await open()
    const running = {
      status: 'open',
      ended_at: null,
      input_tokens: null,
      output_tokens: null,
      total_tokens: null,
    } as const
    await store.write([
      call({ ...id(1), user_id: 'ada', cost_nano_usd: 500_000_000 }),
      call({ ...id(2), user_id: 'ada', cost_nano_usd: null, cost_source: null, ...running }),
    ])
    expect(await spend({ database, token: TOKEN, userId: 'ada' })).toEqual({
      costUsd: 0.5,
      costNanoUsd: 500_000_000,
      calls: 1,
      totalTokens: 140,
      unknownCostCalls: 1,
      openCalls: 1,
      waitingCalls: 0,
    })
  })
})

describe('spend in a process that writes', () => {
  const ada = { user_id: 'ada', cost_nano_usd: 500_000_000 }
  const HAS_ONE = {
    costUsd: 0.5,
    costNanoUsd: 500_000_000,
    calls: 1,
    totalTokens: 140,
    unknownCostCalls: 0,
    openCalls: 0,
  }

  /** A usage log that is closed after the test. */
  function opened(url: string, options?: UsageLogOptions) {
    const log = openUsageLog(url, options)
    ended.push(() => log.close())
    return log
  }

  test('asks what the process has opened, also before there is a file', async () => {
    const path = join(emptyFolder(), 'own.db')
    const log = opened(`file:${path}`)
    expect(await spend({ userId: 'ada' })).toMatchObject({ costUsd: 0, calls: 0, openCalls: 0 })
    expect(existsSync(path)).toBe(false)
    log.write(call({ ...id(1), ...ada }))
    expect(await spend({ userId: 'ada' })).toEqual({ ...HAS_ONE, waitingCalls: 0 })
    await log.close()
    await expect(spend({ userId: 'ada' })).rejects.toThrow('this process writes to none')
  })

  test.each(['process', 'memory'] as const)(
    'counts calls that a locked file keeps waiting (%s)',
    async (durability) => {
      const path = join(await folderWithCalls([call({ ...id(9), ...ada })]), 'usage.db')
      const lock = new DatabaseSync(path)
      lock.exec('begin immediate')
      ended.push(async () => lock.close())
      const log = opened(`file:${path}`, { durability })
      log.write(call({ ...id(1), ...ada }))
      log.write(call({ ...id(2), user_id: 'grace' }))
      expect(await spend({ userId: 'ada' })).toEqual({
        ...HAS_ONE,
        costUsd: 1,
        costNanoUsd: 1_000_000_000,
        calls: 2,
        totalTokens: 280,
        waitingCalls: 1,
      })
      lock.exec('rollback')
      await log.flush()
      expect(await spend({ userId: 'ada' })).toMatchObject({ costUsd: 1, calls: 2, waitingCalls: 0 })
    },
  )

  test('counts calls that a server does not take', async () => {
    const { url } = await servedDatabase(DATABASES[0]!.create)
    const log = opened(url, { token: TOKEN, journal: join(emptyFolder(), 'journal') })
    log.write(call({ ...id(1), ...ada })) // the token may only read
    expect(await spend({ userId: 'ada' })).toEqual({ ...HAS_ONE, waitingCalls: 1 })
  })

  test('counts calls that run, by who started them and by the model that they ask for', async () => {
    const log = opened(`file:${join(emptyFolder(), 'own.db')}`)
    const running = { ...id(1), user_id: 'ada', status: 'open', model: null, request_model: 'gpt-5' } as const
    log.start?.(call({ ...running, cost_nano_usd: null, cost_source: null, total_tokens: null }))
    expect(await spend({ userId: 'ada' })).toMatchObject({ calls: 0, openCalls: 1, unknownCostCalls: 1 })
    expect(await spend({ model: 'gpt-5-2025-08-07' })).toMatchObject({ openCalls: 1 })
    expect(await spend({ model: 'gpt-4o' })).toMatchObject({ openCalls: 0 })
    expect(await spend({ userId: 'grace' })).toMatchObject({ openCalls: 0, unknownCostCalls: 0 })
    log.write(call({ ...running, status: 'ok', ...ada }))
    expect(await spend({ userId: 'ada' })).toMatchObject({ calls: 1, openCalls: 0, unknownCostCalls: 0 })
  })

  test('does not guess which of two it is asked about', async () => {
    const folder = emptyFolder()
    opened(`file:${join(folder, 'one.db')}`)
    opened(`file:${join(folder, 'two.db')}`)
    await expect(spend()).rejects.toThrow(/one\.db and .*two\.db; pass the one to ask/)
    expect(await spend({ database: `file:${join(folder, 'two.db')}` })).toMatchObject({ calls: 0 })
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
  test('rejects a file that is missing although nothing in this process writes to it', async () => {
    const database = join(emptyFolder(), 'none.db')
    await expect(spend({ database })).rejects.toThrow(
      `spend: no database at ${database}, and this process writes to none; call register() before spend()`,
    )
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
