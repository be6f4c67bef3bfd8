import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from '@spanledger/core'
import { createDrainSignals, createJournal } from '@spanledger/journal'
import { toCallLine } from '@spanledger/core'
import { openStore } from '@spanledger/store'
import { describe, expect, test } from 'vitest'
import { call } from '../../../builders.ts'
import { runCli } from '../../run-cli.ts'
import { DATABASES } from '../../../store/stores.ts'
import { application, doctor } from './run-doctor.ts'

const ENV = { SPANLEDGER_DATABASE: 'file:usage.db' }

/** A folder whose database holds these calls, all made just now. */
async function applicationWith(calls: readonly Partial<Call>[]): Promise<string> {
  const folder = application()
  const store = await openStore({ path: join(folder, 'usage.db') })
  const startedAt = Date.now() - 60_000
  await store.write(
    calls.map((differences, index) =>
      call({
        span_id: String(index + 1).repeat(16),
        started_at: startedAt,
        ended_at: startedAt + 1_000,
        ...differences,
      }),
    ),
  )
  await store.close()
  return folder
}

describe('spanledger doctor looks for calls that count twice', () => {
  const twin = { response_id: 'answer-1' }

  test('and says which two instrumentations make them', async () => {
    const { bad, code } = await doctor(
      await applicationWith([
        { ...twin, sdk: 'ai' },
        { ...twin, sdk: '@sentry/vercel-ai' },
        { response_id: 'answer-2' },
      ]),
      ENV,
    )
    expect(bad).toEqual([
      {
        state: 'bad',
        what: '1 response of the last 7 days counted several times, from @sentry/vercel-ai and ai (such as trace 0af7651916cd43dd8448eb211c80319c)',
        why: expect.stringContaining('count double'),
        fix: expect.stringContaining('Remove one, such as @sentry/vercel-ai'),
      },
    ])
    expect(code).toBe(1)
  })

  test('and says when one of them is there twice', async () => {
    const { bad } = await doctor(await applicationWith([twin, twin]), ENV)
    expect(bad).toMatchObject([
      { what: expect.stringContaining('from ai twice'), fix: expect.stringContaining('Register ai once') },
    ])
  })

  test('and takes calls for calls that follow each other, or stand in other traces, or repeat totals', async () => {
    const later = Date.now() - 30_000
    const { bad, findings } = await doctor(
      await applicationWith([
        twin,
        { ...twin, started_at: later, ended_at: later + 1_000 },
        { ...twin, trace_id: 'a'.repeat(32) },
        { ...twin, kind: 'run', billable: 0 },
      ]),
      ENV,
    )
    expect(bad).toEqual([])
    expect(findings).toContainEqual({ state: 'good', what: 'No call is counted twice' })
  })
})

test.each(DATABASES)('calls that count twice are found on $name', async ({ create }) => {
  const database = await create()
  try {
    const store = await database.open()
    const twin = { response_id: 'answer-1', started_at: 1_000, ended_at: 2_000 }
    const span = (id: string) => ({ span_id: id.repeat(16) })
    await store.write([
      call({ ...twin, ...span('1'), sdk: 'ai' }),
      call({ ...twin, ...span('2'), sdk: null }),
      call({ ...twin, ...span('3'), trace_id: 'a'.repeat(32) }),
      call({ ...twin, ...span('4'), response_id: 'answer-2' }),
    ])
    const found = { sdks: [null, 'ai'], answers: 1, traceId: call().trace_id }
    expect(await store.twinCalls({ from: 0, to: 5_000 })).toEqual([found])
    expect(await store.twinCalls({ from: 1_001, to: 5_000 })).toEqual([])
  } finally {
    await database.remove()
  }
})

describe('spanledger doctor looks at the journal', () => {
  const NAME = 'usage.db.spanledger'

  /** Leaves calls in a journal as a process that was killed does. */
  function leaveCalls(folder: string): void {
    const journal = createJournal({
      folder: join(folder, NAME),
      signals: createDrainSignals(),
      durability: 'power',
      onWriter: () => {},
    })
    journal.append('call', toCallLine(call()))
    journal.close()
    journal.release()
  }

  test('finds calls of a process that is gone until they are drained', async () => {
    const folder = await applicationWith([])
    leaveCalls(folder)
    const found = await doctor(folder, ENV)
    expect(found.bad).toEqual([
      {
        state: 'bad',
        what: expect.stringMatching(/^\d+ KB of calls wait in .*, and the process that wrote them is gone$/),
        why: expect.any(String),
        fix: 'Store them now with "spanledger drain"',
      },
    ])
    expect(await runCli(['drain'], { folder, env: ENV })).toMatchObject({ code: 0 })
    const { bad, findings } = await doctor(folder, ENV)
    expect(bad).toEqual([])
    expect(findings).toContainEqual({
      state: 'good',
      what: expect.stringMatching(/ has 0 live writers, nothing is waiting$/),
    })
  })

  test('finds calls that the database refused, and damaged files', async () => {
    const folder = await applicationWith([])
    mkdirSync(join(folder, NAME))
    writeFileSync(join(folder, NAME, 'dead-letters.jsonl'), '{"line":"{}"}\n{"line":"{}"}\n')
    writeFileSync(join(folder, NAME, 'abc-0123456789abcdef.000001.quarantined'), 'x')
    const { bad } = await doctor(folder, ENV)
    expect(bad.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^The database refused 2 calls; they are in /),
      expect.stringMatching(/^abc-0123456789abcdef\.000001\.quarantined in .* is damaged$/),
    ])
  })

  test('finds a folder that cannot be written', async () => {
    const folder = application()
    writeFileSync(join(folder, 'file'), '')
    const journalAt = async (path: string) =>
      (await doctor(folder, { ...ENV, SPANLEDGER_JOURNAL: join(folder, path) })).bad.map(({ what }) => what)
    expect(await journalAt('file')).toEqual([expect.stringMatching(/^The journal .*file cannot be written$/)])
    expect(await journalAt('missing/journal')).toEqual([expect.stringMatching(/journal cannot be written$/)])
    expect(await journalAt('journal')).toEqual([])
  })

  test('finds one that is nearly full', async () => {
    const folder = await applicationWith([])
    mkdirSync(join(folder, NAME))
    writeFileSync(join(folder, NAME, 'rest'), Buffer.alloc(900_000))
    const { bad } = await doctor(folder, { ...ENV, SPANLEDGER_JOURNAL_MB: '1' })
    expect(bad.map(({ what }) => what)).toEqual([expect.stringMatching(/is nearly full: 879 KB of 1,024 KB$/)])
  })
})
