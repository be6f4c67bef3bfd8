import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { query, runApp } from '../run-app.ts'
import { runCli } from '../run-cli.ts'

/** An application whose last calls stay in the journal of `usage.db`. */
async function appThatLeaves(what: 'nothing stored' | 'one stored') {
  return runApp({ app: 'leaves-calls.ts', preload: false, parameters: [what] })
}

describe('a reading command', () => {
  test.each(['nothing stored', 'one stored'] as const)('stores what a dead process has left (%s)', async (what) => {
    const { folder } = await appThatLeaves(what)
    expect(existsSync(join(folder, 'usage.db'))).toBe(what === 'one stored')
    const stored = what === 'one stored' ? 1 : 0
    const run = await runCli(['report', '--db', 'file:usage.db', '--format', 'json'], { folder })
    expect(run.stderr).toBe(`Stored 3 calls that a process had left in ${join(folder, 'usage.db.spanledger')}\n`)
    expect(run.code).toBe(0)
    expect((JSON.parse(run.stdout) as { totals: { calls: number } }).totals.calls).toBe(stored + 3)
    expect(query(join(folder, 'usage.db'), 'select count(*) as n from calls')).toEqual([{ n: stored + 3 }])
    expect((await runCli(['calls', '--db', 'file:usage.db'], { folder })).stderr).toBe('')
  })

  test('says how many calls of a running process wait, and makes no file for them', async () => {
    let asked: ReturnType<typeof runCli> | undefined
    const app = await runApp({
      app: 'leaves-calls.ts',
      preload: false,
      parameters: ['nothing stored', 'stay'],
      onOutput(output, child) {
        const folder = /ready in (.*)\n/.exec(output)?.[1]
        if (folder === undefined || asked !== undefined) return
        asked = runCli(['calls', '--db', 'file:usage.db'], { folder })
        void asked.then(() => child.kill('SIGKILL'))
      },
    })
    const run = await asked!
    expect(run.code).toBe(1)
    expect(run.stderr).toBe(
      `No database at ${join(app.folder, 'usage.db')} yet. ` +
        `3 calls in ${join(app.folder, 'usage.db.spanledger')} are not stored yet: a running process is about to store them\n`,
    )
    expect(readdirSync(app.folder)).toEqual(['usage.db.spanledger'])
  })

  test('makes no file where nothing waits', async () => {
    const { folder } = await runApp({ app: 'misspelt.ts', preload: false })
    const run = await runCli(['report', '--db', 'file:usage.db'], { folder })
    expect(run.stderr).toContain('run your application with spanledger/register')
    expect(readdirSync(folder)).toEqual([])
  })
})
