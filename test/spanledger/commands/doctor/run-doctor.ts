import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emptyFolder, runCli } from '../../run-cli.ts'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

/** What the command says as JSON. */
export interface Finding {
  readonly state: string
  readonly what: string
  readonly why?: string
  readonly fix?: string
}

/** Runs the command in a folder; without a test span unless other parameters are given. */
export async function doctor(
  folder: string,
  env: Record<string, string> = {},
  parameters: readonly string[] = ['--no-round-trip'],
) {
  const run = await runCli(['doctor', '--format', 'json', ...parameters], { folder, env })
  const { findings } = JSON.parse(run.stdout) as { findings: Finding[] }
  return { code: run.code, bad: findings.filter(({ state }) => state === 'bad'), findings }
}

/** A folder of an application that has everything installed. */
export function application(): string {
  const folder = emptyFolder()
  symlinkSync(MODULES, join(folder, 'node_modules'))
  return folder
}

/** A package in a folder, as npm would put it there. */
export function install(folder: string, path: string, version: string): void {
  mkdirSync(join(folder, 'node_modules', path), { recursive: true })
  writeFileSync(join(folder, 'node_modules', path, 'package.json'), JSON.stringify({ version }))
}
