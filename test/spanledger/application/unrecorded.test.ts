import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../provider-server/index.ts'
import { runApp } from '../run-app.ts'

let server: ProviderServer

beforeEach(async () => {
  server = await startProviderServer()
})

afterEach(() => server.close())

const UNRECORDED = /No AI call was recorded, but .*/g

describe('a process that asked a model and recorded nothing', () => {
  test.each([
    ['fetch', 'naturally'],
    ['node:http', 'naturally'],
    ['fetch', 'exit'],
    ['fetch', 'shutdown'],
  ])('through %s, ending by %s, says so once, with what to do', async (client, end) => {
    const run = await runApp({ app: 'own-client.ts', preload: false, parameters: [server.openai, client, end] })
    expect(server.calls()).toHaveLength(1)
    const said = run.stderr.match(UNRECORDED) ?? []
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`a request went to ${new URL(server.openai).hostname}.`)
    expect(said[0]).toContain('node --import spanledger/register app.js')
  })

  test('says so when a signal ends it', async () => {
    const run = await runApp({
      app: 'own-client.ts',
      preload: false,
      parameters: [server.openai, 'fetch', 'wait'],
      onOutput: (_, child) => child.kill('SIGTERM'),
    })
    expect(run.signal).toBe('SIGTERM')
    expect(run.stderr.match(UNRECORDED)).toHaveLength(1)
  })

  test('says nothing where the ledger is turned off', async () => {
    const run = await runApp({
      app: 'own-client.ts',
      preload: false,
      parameters: [server.openai],
      env: { SPANLEDGER_ENABLED: 'false' },
    })
    expect(run).toMatchObject({ code: 0, stderr: '' })
  })
})

test('a process that asked no model says nothing', async () => {
  const run = await runApp({ app: 'own-client.ts', preload: false, parameters: [server.openai, 'nothing'] })
  expect(run).toMatchObject({ code: 0, stderr: '' })
})
