import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createServer } from '@spanledger/server'
import { openStore } from '@spanledger/store'
import { expect, test } from 'vitest'
import { nameOf, type Schema, typeOf } from './schema-types.ts'

// Which answer the page reads as what.
const ANSWERS = {
  'get /api/overview': 'Page.Overview',
  'get /api/ai-usage/timeseries': 'Page.Timeseries',
  'get /api/ai-usage/breakdown': 'Page.Breakdown',
  'get /api/ai-usage/tools': 'Page.ToolUsage',
  'get /api/calls': 'Page.Page<Calls.CallRow>',
  'get /api/calls/{id}': 'Calls.CallDetail',
  'get /api/traces/{traceId}': 'Calls.Trace',
  'get /api/sessions': 'Page.Page<Calls.SessionRow>',
  'get /api/sessions/{id}': 'Calls.SessionDetail',
  'get /api/budgets': 'Page.Page<Page.Budget>',
  'get /api/prices': 'Page.PriceList',
  'post /api/prices/reprice': 'Page.RepriceAnswer',
  'get /api/health': 'Page.Health',
} as const

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Operation {
  readonly responses: { readonly 200?: { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> } }
}

const DASHBOARD = fileURLToPath(new URL('.', import.meta.resolve('@spanledger/dashboard/package.json')))
const COMPILER = join(fileURLToPath(new URL('.', import.meta.resolve('typescript/package.json'))), 'bin/tsc')

test('what the server documents is what the page takes for its answers', async () => {
  expect(await complaintsAbout(await readDocument(), ANSWERS)).toEqual([])
})

test.each([
  ['renamed', (totals: Schema) => ({ ...totals, properties: renamed(totals.properties ?? {}) })],
  ['no longer always there', (totals: Schema) => ({ ...totals, required: without(totals.required ?? []) })],
  ['null for the first time', (totals: Schema) => ({ ...totals, properties: nullable(totals.properties ?? {}) })],
] as const)('an answer in which a number is %s is complained about', async (_, change) => {
  const document = await readDocument()
  const { schemas } = document.components
  const changed = { ...document, components: { schemas: { ...schemas, Totals: change(schemas['Totals'] ?? {}) } } }
  const complaints = await complaintsAbout(changed, { 'get /api/overview': ANSWERS['get /api/overview'] })
  expect(complaints).toEqual([expect.stringContaining("is not assignable to type 'Overview'")])
})

async function readDocument(): Promise<Document> {
  const store = await openStore({ path: ':memory:' })
  const server = createServer({ store })
  try {
    const { url } = await server.listen({ port: 0 })
    return (await (await fetch(`${url}/openapi.json`)).json()) as Document
  } finally {
    await server.close()
    await store.close()
  }
}

/** What the compiler says of a file that hands every documented answer to the page. */
async function complaintsAbout(document: Document, answers: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spanledger-contract-'))
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(join(folder, 'contract.ts'), programOf(document, answers))
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(DASHBOARD, '../../tsconfig.base.json'),
        compilerOptions: { noEmit: true, composite: false, lib: ['es2024', 'dom'] },
        files: ['contract.ts'],
      }),
    )
    return await compile(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function compile(folder: string): Promise<string[]> {
  try {
    await promisify(execFile)(process.execPath, [COMPILER, '-p', folder, '--pretty', 'false'])
    return []
  } catch (error) {
    const { stdout } = error as { readonly stdout: string } // of a process that ended with a code
    // The lines after the first one of an error say which property it is.
    return stdout.trim().split(/\n(?=\S)/)
  }
}

function programOf({ paths, components }: Document, answers: Readonly<Record<string, string>>): string {
  const schemas = Object.entries(components.schemas).map(([name, schema]) => `type ${nameOf(name)} = ${typeOf(schema)}`)
  const checks = Object.entries(answers).map(([route, type], index) => {
    const [method = '', path = ''] = route.split(' ')
    const schema = paths[path]?.[method]?.responses[200]?.content?.['application/json']?.schema
    if (schema === undefined) throw new Error(`The server documents no answer to ${route}`)
    return `export const check${index} = (answer: ${typeOf(schema)}): ${type} => answer`
  })
  return [
    `import type * as Page from ${JSON.stringify(join(DASHBOARD, 'src/api/contract.ts'))}`,
    `import type * as Calls from ${JSON.stringify(join(DASHBOARD, 'src/api/call-contract.ts'))}`,
    'type Json = Calls.Json',
    ...schemas.map((line) => `export ${line}`),
    ...checks,
  ].join('\n')
}

function renamed({ calls = {}, ...others }: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return { ...others, callCount: calls }
}

function without(required: readonly string[]): readonly string[] {
  return required.filter((name) => name !== 'calls')
}

function nullable(properties: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return { ...properties, calls: { type: ['integer', 'null'] } }
}
