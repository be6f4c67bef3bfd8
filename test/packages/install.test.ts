import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { packPackages } from '../../scripts/pack-packages.ts'
import { startProviderServer, type ProviderCall, type ProviderServer } from '../provider-server/index.ts'
import { installApplication, type Application } from './install-application.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LIMIT_MS = 120_000

// Versions stand where the other tests of the same packages have theirs.
const APPLICATIONS = [
  { ai: 4, openTelemetry: 2, versions: ['test/conformance/ai-4', '.'] },
  { ai: 5, openTelemetry: 2, versions: ['test/conformance/ai-5', '.'] },
  { ai: 6, openTelemetry: 2, versions: ['test/conformance/ai-6', '.'] },
  { ai: 7, openTelemetry: 2, versions: ['.'] },
  { ai: 7, openTelemetry: 3, versions: ['examples/otel-3'] },
]
const PACKAGES = ['ai', '@ai-sdk/openai', 'zod', '@opentelemetry/sdk-node', '@opentelemetry/api']

let packed: string
let tarballs: readonly string[]
let provider: ProviderServer
let application: Application | undefined

beforeAll(async () => {
  await promisify(execFile)(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-b', 'packages/spanledger'], { cwd: ROOT })
  packed = await mkdtemp(join(tmpdir(), 'spanledger-packed-'))
  tarballs = await packPackages(ROOT, packed)
}, LIMIT_MS)

afterAll(() => rm(packed, { recursive: true, force: true }))

beforeEach(async () => {
  provider = await startProviderServer()
})

afterEach(async () => {
  await provider.close()
  if (application !== undefined) await rm(application.folder, { recursive: true, force: true })
  application = undefined
})

test.each(APPLICATIONS)(
  'installed beside AI SDK $ai and OpenTelemetry $openTelemetry, `--import` fills the database with what the provider billed',
  async ({ ai, versions }) => {
    const names = ai === 7 ? [...PACKAGES, '@ai-sdk/otel'] : PACKAGES
    application = await installApplication(tarballs, await versionsOf(names, versions))

    const { stdout, stderr } = await application.node(
      '--import',
      'spanledger/register',
      'application.mjs',
      provider.openai,
      `${ai}`,
    )

    const calls = provider.calls()
    expect(stdout).toBe(calls[1]?.text)
    expect(stderr).not.toMatch(/spanledger/i)
    const rows = rowsOf(application)
    expect(rows.filter(({ billable }) => billable === 1)).toEqual(calls.map(billedRow))
    expect(rows.filter(({ billable }) => billable === 0).map(({ kind }) => kind)).toEqual(['run', 'run'])

    const exported = await application.spanledger('export', '--format', 'jsonl')
    expect(exported.stdout.trim().split('\n')).toHaveLength(rows.length)
  },
  LIMIT_MS,
)

test(
  'an installed package has its licence, and no condition that leads to TypeScript',
  async () => {
    application = await installApplication(tarballs, {})
    const { folder } = application
    const scoped = ['core', 'dashboard', 'journal', 'otel', 'server', 'store'].map((name) => `@spanledger/${name}`)
    const folders = [...scoped, 'spanledger'].map((name) => join(folder, 'node_modules', name))
    for (const path of folders) {
      expect(existsSync(join(path, 'LICENSE'))).toBe(true)
      expect(await readFile(join(path, 'package.json'), 'utf8')).not.toContain('@spanledger/source')
    }
    const script = `import('@spanledger/core').then((core) => console.log(typeof core.toCall))`
    const { stdout } = await application.node('--conditions=@spanledger/source', '--eval', script)
    expect(stdout).toBe('function\n')
  },
  LIMIT_MS,
)

/** The dependencies of a project, with the versions that the first of the folders has that knows them. */
async function versionsOf(names: readonly string[], folders: readonly string[]): Promise<Record<string, string>> {
  const known = await Promise.all(folders.map(dependenciesOf))
  return Object.fromEntries(
    names.map((name) => {
      const version = known.find((dependencies) => dependencies[name] !== undefined)?.[name]
      if (version === undefined) throw new Error(`No version of ${name} in package.json of ${folders.join(' or ')}`)
      return [name, version]
    }),
  )
}

async function dependenciesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const manifest = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'))
  return { ...manifest.devDependencies, ...manifest.dependencies }
}

function rowsOf({ folder }: Application): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(join(folder, '.spanledger', 'usage.db'), { readOnly: true })
  try {
    const columns = `kind, billable, provider, model, request_model, response_id, input_tokens, output_tokens, streaming, status`
    const rows = database.prepare(`SELECT ${columns} FROM calls ORDER BY started_at, billable`).all()
    // They come without a prototype, which toEqual minds.
    return rows.map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}

function billedRow(call: ProviderCall): Record<string, unknown> {
  return {
    kind: 'model',
    billable: 1,
    provider: 'openai',
    model: call.responseModel,
    request_model: call.requestModel,
    response_id: call.responseId,
    input_tokens: call.billed?.inputTokens,
    output_tokens: call.billed?.outputTokens,
    streaming: call.stream ? 1 : 0,
    status: 'ok',
  }
}
