/**
 * Installs the folders under test/ that have a lockfile of their own, where node_modules is missing or older than the
 * lockfile. Runs before the tests; costs a few file reads when nothing changed. `node test/install.ts [folder…]`
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDERS = [
  ...['ai-4', 'ai-5', 'ai-6'].map((name) => `conformance/${name}`),
  ...['providers-4', 'providers-5', 'providers-6', 'providers-7'].map((name) => `conformance/${name}`),
  'node-22',
  '../examples/otel-3',
  'runners',
  '../examples/setups',
]
const AT_ONCE = 2
const LIMIT_MS = 180_000

const waiting = process.argv.length > 2 ? process.argv.slice(2) : [...FOLDERS]
try {
  await Promise.all(Array.from({ length: AT_ONCE }, installWaiting))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function installWaiting(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await install(name)
}

async function install(name: string): Promise<void> {
  const folder = join(import.meta.dirname, name)
  const lockfile = await readFile(join(folder, 'package-lock.json')).catch((cause: unknown) => {
    throw new Error(`Cannot install test/${name}: it has no package-lock.json`, { cause })
  })
  const wanted = createHash('sha256').update(lockfile).digest('hex')
  const stamp = join(folder, 'node_modules', '.lockfile-sha256')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return

  console.error(`installing test/${name}`)
  await npmCi(folder)
  await writeFile(stamp, wanted)
}

async function npmCi(folder: string): Promise<void> {
  const { command, first } = npm()
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const child = spawn(command, [...first, ...flags], {
    cwd: folder,
    env: environmentOutsideOfNpm(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    shell: process.platform === 'win32' && first.length === 0,
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(code === 0 ? '' : endOf(code, signal)))
  })
  if (ended !== '') {
    throw new Error(
      `Cannot install ${folder}: npm ci ${ended}\n${output}\nRun "npm ci" in that folder, then try again.`,
    )
  }
}

function endOf(code: number | null, signal: string | null): string {
  return signal === null ? `exited with ${code}` : `was stopped by ${signal} (limit: ${LIMIT_MS / 1000} s)`
}

/** npm itself, run by this Node: the one on PATH may be older than the packages admit. */
function npm(): { command: string; first: readonly string[] } {
  const script = process.env['npm_execpath']
  return script?.endsWith('npm-cli.js') === true
    ? { command: process.execPath, first: [script] }
    : { command: 'npm', first: [] }
}

// An outer `npm test` hands down its own folder and workspace as npm_config_…, which would make the inner npm
// install there. What says how to reach the registry stays.
function environmentOutsideOfNpm(): NodeJS.ProcessEnv {
  const own =
    /^npm_(package|lifecycle|command)|^npm_config_(workspaces?|local_prefix|prefix|global|include_workspace_root|omit|ignore_scripts)$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}
