import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.resolve('@spanledger/dashboard/package.json')))
const CORE = fileURLToPath(new URL('.', import.meta.resolve('@spanledger/core/package.json')))
const LOCK = join(FOLDER, 'dist.lock')
const WAIT_MS = 60_000

/** Where the built page is, built anew if a source is newer. Test files that run at the same time wait for one another. */
export async function builtPage(): Promise<string> {
  const until = Date.now() + WAIT_MS
  while (!takeLock()) {
    if (Date.now() > until) throw new Error(`Another process builds the dashboard, or left ${LOCK} behind; remove it`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    // As it is published: the test runner's own NODE_ENV would build the page for developers.
    const env = { ...process.env, NODE_ENV: 'production' }
    if (isStale()) execFileSync(process.execPath, [join(FOLDER, 'build.ts')], { cwd: FOLDER, env, stdio: 'inherit' })
    return join(FOLDER, 'dist', 'page')
  } finally {
    rmSync(LOCK, { recursive: true })
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK)
    return true
  } catch {
    return false // it is there: somebody else builds
  }
}

function isStale(): boolean {
  const built = newest(join(FOLDER, 'dist', 'page', '.vite'))
  const folders = [join(FOLDER, 'src'), join(FOLDER, 'public'), join(CORE, 'src', 'time')]
  const sources = folders.map(newest)
  return built === 0 || Math.max(...sources, statSync(join(FOLDER, 'index.html')).mtimeMs) > built
}

function newest(folder: string): number {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    return Math.max(0, ...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs))
  } catch {
    return 0 // no such folder: never built
  }
}
