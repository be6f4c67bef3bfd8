import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { loadSdkFrom, type Sdk } from '../sdk.ts'
import type { OldMinor } from './versions.ts'

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/old-minors/', import.meta.url))
const LIMIT_MS = 300_000

/** Loads an earlier version, which is installed into a cache folder first where it is not there yet. */
export async function loadOldMinor(minor: OldMinor): Promise<Sdk> {
  const folder = join(CACHE, minor.ai)
  await install(folder, minor)
  const file = join(folder, 'sdk.mjs')
  await writeFile(file, moduleText(minor))
  return await loadSdkFrom(pathToFileURL(file), pathToFileURL(`${folder}/`))
}

async function install(folder: string, { ai, packages }: OldMinor): Promise<void> {
  const manifest = `${JSON.stringify(
    {
      private: true,
      type: 'module',
      // One api for all: a span of an api that is newer than the one of the tracer provider goes nowhere.
      dependencies: { ai, ...packages, '@opentelemetry/api': '1.9.1', zod: '3.25.76' },
      overrides: { '@opentelemetry/api': '1.9.1' },
    },
    null,
    2,
  )}\n`
  const done = join(folder, 'node_modules', '.installed.json')
  if ((await readFile(done, 'utf8').catch(() => '')) === manifest) return
  console.error(`installing ai ${ai}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), manifest)
  await writeFile(join(folder, '.npmrc'), 'package-lock=false\n')
  const flags = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps']
  await promisify(execFile)('npm', flags, { cwd: folder, env: environmentOfNode(), timeout: LIMIT_MS })
  await writeFile(done, manifest)
}

// npm reads settings of an outer `npm run` from the environment, and would install into its folder.
function environmentOfNode(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_local)/i.test(name),
  )
  return { ...Object.fromEntries(inherited), PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` }
}

function moduleText({ packages }: OldMinor): string {
  const otel = '@ai-sdk/otel' in packages ? "export * as otel from '@ai-sdk/otel'\n" : ''
  return `export * as ai from 'ai'
export { createAnthropic } from '@ai-sdk/anthropic'
export { createGoogleGenerativeAI } from '@ai-sdk/google'
export { createOpenAI } from '@ai-sdk/openai'
${otel}`
}
