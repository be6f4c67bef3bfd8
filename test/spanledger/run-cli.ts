import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Call } from '@spanledger/core'
import { openStore } from '@spanledger/store'
import { afterAll } from 'vitest'

const MAIN = fileURLToPath(new URL('../../packages/spanledger/src/main.ts', import.meta.url))

// Saves a third of the start: the sources are stripped of their types once.
const CACHE = join(tmpdir(), 'spanledger-compile-cache')

/** Where and with what a command runs. */
export interface CliOptions {
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Uint8Array
}

/** What a command left behind. */
export interface CliRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command from source in a process of its own, in UTC unless the environment says otherwise. */
export async function runCli(parameters: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const child = spawn(process.execPath, ['--conditions=@spanledger/source', MAIN, ...parameters], {
    cwd: options.folder ?? emptyFolder(),
    env: { PATH: process.env['PATH'], TZ: 'UTC', NODE_COMPILE_CACHE: CACHE, ...options.env },
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.stdin.on('error', () => {}) // a command that fails early does not read to the end
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A new folder that nothing is in; it goes when the tests of the file are done. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-cli-'))
  folders.push(folder)
  return folder
}

/** A folder with a database where the command looks for it, `usage.db`, that holds these calls. */
export async function folderWithCalls(calls: readonly Call[]): Promise<string> {
  const folder = emptyFolder()
  const store = await openStore({ path: join(folder, 'usage.db') })
  const { stored, rejected } = await store.write(calls)
  await store.close()
  if (stored !== calls.length)
    throw new Error(`${calls.length - stored} calls were not stored: ${JSON.stringify(rejected)}`)
  return folder
}

/** The objects of JSON lines. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
