import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { toCallLine, type UsageSinkStats } from '@spanledger/core'
import { openUsageLog } from 'spanledger'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { query } from '../run-app.ts'
import { emptyFolder, runCli } from '../run-cli.ts'

const APP = fileURLToPath(new URL('../apps/writes.ts', import.meta.url))
const FLAGS = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']

const writers: Writer[] = []
afterEach(() => {
  for (const { child } of writers.splice(0)) child.kill('SIGKILL')
})

interface Writer {
  readonly child: ChildProcess
  /** Ids that it was told are safe. */
  acknowledged(): readonly string[]
  /** Ends it in order and tells what became of its calls. */
  stop(): Promise<UsageSinkStats>
}

/** Starts an application that writes calls, in a folder that others may write in too. */
function startWriter(folder: string): Writer {
  const acknowledged = join(folder, `acknowledged-${writers.length}`)
  const child = spawn(process.execPath, [...FLAGS, APP, acknowledged], { cwd: folder, stdio: 'pipe' })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const writer: Writer = {
    child,
    acknowledged: () => (existsSync(acknowledged) ? readFileSync(acknowledged, 'utf8').split('\n').slice(0, -1) : []),
    async stop() {
      child.stdin.write('stop\n')
      await once(child, 'close')
      // Before it there may be a warning that calls wait, of which others have taken care.
      return JSON.parse(stderr.slice(stderr.indexOf('{'))) as UsageSinkStats
    },
  }
  writers.push(writer)
  return writer
}

function storedIds(folder: string): ReadonlySet<string> {
  return new Set(
    query(join(folder, 'usage.db'), 'select trace_id, span_id from calls').map(
      ({ trace_id, span_id }) => `${String(trace_id)}-${String(span_id)}`,
    ),
  )
}

function missing(folder: string, writer: Writer): readonly string[] {
  const stored = storedIds(folder)
  return writer.acknowledged().filter((id) => !stored.has(id))
}

async function kill(writer: Writer): Promise<void> {
  writer.child.kill('SIGKILL')
  await once(writer.child, 'close')
}

test('kill -9 loses no call that was taken over, wherever it strikes; others go on', { timeout: 120_000 }, async () => {
  const folder = emptyFolder()
  const survivor = startWriter(folder)
  const killed: Writer[] = []
  for (let round = 0; round < 4; round += 1) {
    const victim = startWriter(folder)
    killed.push(victim)
    while (victim.acknowledged().length < 100 * (round + 1)) await sleep(5)
    await kill(victim)
  }
  const drained = await runCli(['drain', '--db', 'file:usage.db'], { folder })
  expect(drained).toMatchObject({ code: 0, stdout: '' })
  for (const victim of killed) expect(missing(folder, victim)).toEqual([])
  const { generated, stored, ...others } = await survivor.stop()
  expect({ generated, others }).toEqual({
    generated: stored,
    others: { deduplicated: 0, rejected: {}, dropped: {}, journaled: 0 },
  })
  expect(missing(folder, survivor)).toEqual([])
  expect(readdirSync(join(folder, 'usage.db.spanledger'))).toEqual([])
})

test(
  'a process that was frozen while others took its calls over goes on and loses none',
  { timeout: 120_000 },
  async () => {
    const folder = emptyFolder()
    const frozen = startWriter(folder)
    while (frozen.acknowledged().length < 100) await sleep(5)
    frozen.child.kill('SIGSTOP')
    const drained = await runCli(['drain', '--db', 'file:usage.db'], { folder })
    expect(drained.code).toBe(0)
    expect(missing(folder, frozen)).toEqual([])
    frozen.child.kill('SIGCONT')
    const before = frozen.acknowledged().length
    while (frozen.acknowledged().length < before + 200) await sleep(5)
    await frozen.stop()
    expect((await runCli(['drain', '--db', 'file:usage.db'], { folder })).code).toBe(0)
    expect(missing(folder, frozen)).toEqual([])
  },
)

describe('spanledger drain', () => {
  test('has nothing to do where there is no journal', async () => {
    const { code, stderr } = await runCli(['drain', '--db', 'file:usage.db'], { folder: emptyFolder() })
    expect(code).toBe(0)
    expect(stderr).toContain('No journal for')
  })

  test('--requeue tries calls again that were refused', async () => {
    const folder = emptyFolder()
    const log = openUsageLog(`file:${join(folder, 'usage.db')}`)
    log.write(call({ span_id: '00f067aa0ba902b7' }))
    await log.close()
    const letter = { at: '2026-01-01T00:00:00.000Z', reason: 'not_storable', message: 'x', line: toCallLine(call()) }
    appendFileSync(join(folder, 'usage.db.spanledger', 'dead-letters.jsonl'), `${JSON.stringify(letter)}\n`)
    const { code, stderr } = await runCli(['drain', '--requeue', '--db', 'file:usage.db'], { folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Retrying 1 refused call\n1 call stored\n' })
    expect(storedIds(folder).size).toBe(2)
    expect(readdirSync(join(folder, 'usage.db.spanledger'))).toEqual([])
  })

  test('fails, and says why, when the database cannot take what was left', { timeout: 120_000 }, async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'usage.db'), 'This is no database. '.repeat(100))
    const log = openUsageLog(`file:${join(folder, 'usage.db')}`)
    log.write(call())
    await log.close()
    const { code, stderr } = await runCli(['drain', '--wait', '1', '--db', 'file:usage.db'], { folder })
    expect(code).toBe(1)
    expect(stderr).toContain('is not a SQLite database')
  })
})

test('with durability "memory" no file but the database is made', async () => {
  const folder = emptyFolder()
  const log = openUsageLog(`file:${join(folder, 'usage.db')}`, { durability: 'memory' })
  log.write(call())
  await log.close()
  expect(log.stats()).toMatchObject({ generated: 1, stored: 1, journaled: 0 })
  expect(existsSync(join(folder, 'usage.db.spanledger'))).toBe(false)
})

test('a call larger than the journal takes is stored without its words', async () => {
  const folder = emptyFolder()
  const log = openUsageLog(`file:${join(folder, 'usage.db')}`)
  const words = { question: null, system_prompt: null, input_messages: null, output_messages: null }
  const content = {
    ...words,
    answer: 'x'.repeat(5_000_000),
    tool_definitions: null,
    tool_arguments: null,
    tool_result: null,
    lengths: null,
  }
  log.write(call({ content }))
  await log.close()
  expect(log.stats()).toMatchObject({ generated: 1, stored: 1 })
  expect(storedIds(folder).size).toBe(1)
})

test('flush, close and what comes after them never reject, however often', async () => {
  const log = openUsageLog(`file:${join(emptyFolder(), 'usage.db')}`)
  log.write(call())
  await Promise.all([log.flush(), log.flush(), log.close(), log.close()])
  log.write(call())
  await log.close()
  await log.flush()
  expect(log.stats()).toEqual({
    generated: 2,
    stored: 1,
    deduplicated: 0,
    rejected: {},
    dropped: { closed: 1 },
    journaled: 0,
  })
})
