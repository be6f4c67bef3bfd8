import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import { emptyFolder } from '../spanledger/run-cli.ts'

const MAIN = fileURLToPath(new URL('../../packages/spanledger/src/main.ts', import.meta.url))

const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

/** A `spanledger serve` in a process of its own; it ends with the test. */
export interface Serving {
  readonly child: ChildProcess
  readonly url: string
  /** Of the database, if it is a file. */
  readonly path: string
  /** What it has said on stderr. */
  notes(): string
}

export interface ServeOptions {
  readonly parameters?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another database than a file of its own. */
  readonly db?: string
}

/** Starts one on a port that is free, unless the parameters say otherwise. */
export async function serve({ parameters = ['--port', '0'], env = {}, db }: ServeOptions = {}): Promise<Serving> {
  const folder = emptyFolder()
  const path = join(folder, 'usage.db')
  const child = spawn(
    process.execPath,
    ['--conditions=@spanledger/source', MAIN, 'serve', '--db', db ?? `file:${path}`, ...parameters],
    { cwd: folder, env: { PATH: process.env['PATH'], ...env } },
  )
  running.push(child)
  let notes = ''
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()))
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(notes))),
  ])) as [Buffer]
  return { child, url: line.toString().trim(), path, notes: () => notes }
}
