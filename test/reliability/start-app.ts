import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach } from 'vitest'
import type { Plan, Report } from './apps/plan.ts'

/** A process of ours that may be killed at any moment. */
export interface RunningApp {
  readonly child: ChildProcess
  /** It has recorded its first call. */
  readonly ready: Promise<void>
  /** It has ended; gives its exit code. */
  readonly ended: Promise<number | null>
  stdout(): string
  stderr(): string
  /** Ids of the calls that were acknowledged, known from outside. */
  acked(): readonly string[]
  /** What it printed at its end. */
  report(): Report
}

/** How an application is started. */
export interface StartOptions {
  /** Flags of node. */
  readonly flags?: readonly string[] | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Runs as this user, for whom permission bits count. */
  readonly uid?: number | undefined
  /** A command in front of node. */
  readonly before?: readonly string[] | undefined
  /** File in test/reliability/apps. */
  readonly app?: string | undefined
}

const NODE_FLAGS = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
// The sources are stripped of their types once.
const CACHE = join(tmpdir(), 'spanledger-compile-cache')
const MAIN = fileURLToPath(new URL('../../packages/spanledger/src/main.ts', import.meta.url))

const folders: string[] = []
const running = new Set<ChildProcess>()

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
})

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** A folder that goes with the tests of the file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-reliability-'))
  folders.push(folder)
  return folder
}

let lastAcks = 0

/** Starts the application in a folder; `plan.acks` is made up. */
export function startApp(folder: string, given: Omit<Plan, 'acks'>, options: StartOptions = {}): RunningApp {
  lastAcks += 1
  const acksFolder = newFolder()
  if (options.uid !== undefined) chownSync(acksFolder, options.uid, options.uid)
  const acks = join(acksFolder, `acks-${lastAcks}`)
  const plan: Plan = { ...given, acks }
  const { app = 'calls.ts', flags = [], before = [], uid, env } = options
  const path = fileURLToPath(new URL(`./apps/${app}`, import.meta.url))
  const [command, ...parameters] = [...before, process.execPath, ...NODE_FLAGS, ...flags, path, JSON.stringify(plan)]
  const started = startProcess(command, parameters, { folder, env, uid })
  return {
    ...started,
    acked: () =>
      existsSync(acks)
        ? readFileSync(acks, 'utf8')
            .split('\n')
            .filter((id) => id !== '')
        : [],
    report: () => JSON.parse(started.stdout().trim().split('\n').at(-1) ?? '') as Report,
  }
}

/** Starts a command of ours. */
export function startCommand(
  folder: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return startProcess(process.execPath, [...NODE_FLAGS, MAIN, ...parameters], { folder, env })
}

interface ProcessOptions {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly uid?: number | undefined
}

function startProcess(command: string, parameters: readonly string[], { folder, env, uid }: ProcessOptions) {
  const child = spawn(command, parameters, {
    cwd: folder,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: CACHE, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
  })
  running.add(child)
  let stdout = ''
  let stderr = ''
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {}) // not everybody waits for it
  child.stdin.on('error', () => {}) // it may have ended
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    ready.resolve()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      running.delete(child)
      ready.reject(new Error(`it ended before it said anything: ${stderr}`))
      resolve(code)
    })
  })
  return { child, ready: ready.promise, ended, stdout: () => stdout, stderr: () => stderr }
}
