import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startProviderServer } from '../../provider-server/index.ts'
import { query } from '../run-app.ts'
import { emptyFolder } from '../run-cli.ts'

const HOST = fileURLToPath(new URL('../../../examples/serverless/host.ts', import.meta.url))

test('a function that is frozen between requests, and at last for ever, has stored every call', async () => {
  const server = await startProviderServer()
  const folder = emptyFolder()
  const flags = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
  const host = spawn(process.execPath, [...flags, HOST], {
    cwd: folder,
    env: { PATH: process.env['PATH'], OPENAI_API_KEY: 'test', OPENAI_BASE_URL: server.openai },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: host.stdout })[Symbol.asyncIterator]()
  try {
    for (const user of ['ada', 'bob', 'eve']) {
      host.kill('SIGCONT')
      host.stdin.write(`${user}\n`)
      expect((await answers.next()).value).toBe(server.calls().at(-1)?.text)
      host.kill('SIGSTOP')
      const users = query(join(folder, '.spanledger/usage.db'), 'select user_id from calls where billable = 1')
      expect(users.at(-1)).toEqual({ user_id: user })
      expect(users).toHaveLength(server.calls().length)
    }
  } finally {
    // What a host does in the end: nothing of the process runs again.
    host.kill('SIGKILL')
    await once(host, 'close')
    await server.close()
  }
  const tokens = query(join(folder, '.spanledger/usage.db'), 'select input_tokens from calls where billable = 1')
  expect(tokens).toEqual(server.calls().map(({ billed }) => ({ input_tokens: billed?.inputTokens })))
})
