import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** How an application of test/spanledger/apps is started. */
export interface AppOptions {
  /** File in test/spanledger/apps. */
  readonly app: string
  /** Adds `--import spanledger/register`. Default true. */
  readonly preload?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly parameters?: readonly string[]
  /** Runs `app`, a path from the repository's root, in the folder that it lies in, with its dependencies. */
  readonly inItsFolder?: boolean
  /** The folder to run in. Default: a new, empty one. */
  readonly folder?: string
  /** Where packages, applications and node_modules lie. Default: this repository. */
  readonly root?: string
  /** Further flags of node. */
  readonly flags?: readonly string[]
  /** Runs as this user, for whom permission bits count. */
  readonly uid?: number
  /** Called with what the application has printed so far, for signals. */
  readonly onOutput?: (output: string, child: ChildProcess) => void
}

/** What an application left behind. */
export interface AppRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly folder: string
  /** Its database file, in the folder that it ran in. */
  readonly database: string
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-app-'))
  folders.push(folder)
  return folder
}

/** Runs an application from source in an empty folder of its own, which goes with the tests of the file. */
export async function runApp(options: AppOptions): Promise<AppRun> {
  const { root = ROOT, folder = newFolder() } = options
  const app = options.inItsFolder === true ? join(root, options.app) : join(root, 'test/spanledger/apps', options.app)
  const database = join(folder, '.spanledger/usage.db')
  const preload = join(root, 'packages/spanledger/src/preload.ts')
  const flags = [
    '--conditions=@spanledger/source',
    '--disable-warning=ExperimentalWarning',
    ...(options.flags ?? []),
    ...(options.preload === false ? [] : ['--import', preload]),
  ]
  const child = spawn(process.execPath, [...flags, app, ...(options.parameters ?? [])], {
    cwd: options.inItsFolder === true ? dirname(app) : folder,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...(options.inItsFolder === true ? { SPANLEDGER_DATABASE: `file:${join(folder, 'usage.db')}` } : {}),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    options.onOutput?.(stdout, child)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal]))
  })
  return {
    code,
    signal,
    stdout,
    stderr,
    folder,
    database: options.inItsFolder === true ? join(folder, 'usage.db') : database,
  }
}

/** Rows of a query on a database file, read with nothing of ours. */
export function query(database: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(database, { readOnly: true })
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  } finally {
    db.close()
  }
}
