import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** An empty project with the tarballs and an AI SDK in it. */
export interface Application {
  readonly folder: string
  /** Runs `node <args>` in it. */
  node(...args: readonly string[]): Promise<Output>
  /** Runs the command that npm linked. */
  spanledger(...args: readonly string[]): Promise<Output>
}

export interface Output {
  readonly stdout: string
  readonly stderr: string
}

const INSTALL = ['install', '--ignore-scripts', '--no-package-lock', '--prefer-offline', '--no-audit', '--no-fund']

/** Installs tarballs and packages of others into a new folder, as a user would. Whoever called it removes the folder. */
export async function installApplication(
  tarballs: readonly string[],
  dependencies: Readonly<Record<string, string>>,
): Promise<Application> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'spanledger-application-')))
  const run = (command: string, args: readonly string[]): Promise<Output> =>
    promisify(execFile)(command, [...args], { cwd: folder, env: environment() })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  await copyFile(join(import.meta.dirname, 'application.mjs'), join(folder, 'application.mjs'))
  await run('npm', [...INSTALL, '--loglevel=error', ...tarballs])
  return {
    folder,
    node: (...args) => run(process.execPath, args),
    spanledger: (...args) => run(process.execPath, [join('node_modules', '.bin', 'spanledger'), ...args]),
  }
}

// `npm test` hands down its own folder, in which the inner npm would install, and vitest its own settings.
function environment(): NodeJS.ProcessEnv {
  const own =
    /^(npm_(package|lifecycle|command)|npm_config_(workspaces?|local_prefix|prefix|global|omit)$|VITEST|NODE_(ENV|OPTIONS|PATH)|OTEL_|SPANLEDGER_)/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}
