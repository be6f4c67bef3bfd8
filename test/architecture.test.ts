import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findViolations, type RepositoryFile } from './architecture/find-violations.ts'

const ROOT = join(import.meta.dirname, '..')

test('the repository keeps the rules of the house', async () => {
  const files = await repositoryFiles()
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['packages/core/package.json', 'packages/core/src/call/call.ts']),
  )
  expect(findViolations(files)).toEqual([])
})

describe('the checker finds', () => {
  test('nothing where nothing is wrong', () => {
    const files = [
      ...packageFiles('@spanledger/store', {
        manifest: { dependencies: { '@spanledger/core': '1.0.0', kysely: '1.0.0' } },
        source: `
          import { readFile } from 'node:fs/promises'
          import { sql } from 'kysely/helpers'
          import { toCall } from '@spanledger/core'
          import { write } from './write.ts'
          const options = { process: 1, env: { argv: [] } }
          export const store = [options.process, options.env.argv, new Date(), Date.now()]
          export { write as writeCall }`,
      }),
      ...packageFiles('spanledger', {
        manifest: { exports: { '.': {}, './register': {} } },
        source: `import './main.ts'; export const home = process.env['HOME'] ?? process.argv[1]`,
      }),
      ...packageFiles('@spanledger/core', {
        source: 'export const at = (time: number) => new Date(time).toISOString()',
      }),
      file(
        'test/store/a.test.ts',
        `import 'spanledger/register'; import { store } from '@spanledger/store'; import './b.ts'`,
      ),
    ]
    expect(findViolations(files)).toEqual([])
  })

  test.each([
    `import { a } from '@spanledger/store'`,
    `import type { A } from '@spanledger/store'`,
    `export { a } from '@spanledger/store'`,
    `export const a = await import('@spanledger/store')`,
    `export type A = import('@spanledger/store').A`,
    `export const a = require('@spanledger/store')`,
  ])('an import against the arrows: %s', (source) => {
    const manifest = { dependencies: { '@spanledger/store': '1.0.0' } }
    const files = [...packageFiles('@spanledger/store', {}), ...packageFiles('@spanledger/otel', { manifest, source })]
    const permitted = '@spanledger/otel may import @spanledger/core, @opentelemetry/api'
    expect(findViolations(files)).toEqual([
      `packages/otel/package.json depends on "@spanledger/store"; ${permitted}`,
      `packages/otel/src/index.ts imports "@spanledger/store"; ${permitted}`,
    ])
  })

  test('a type of ours in the dashboard is no import at run time', () => {
    const manifest = { dependencies: { '@spanledger/core': '1.0.0' } }
    const types = packageFiles('@spanledger/dashboard', { source: `import type { Call } from '@spanledger/core'` })
    const values = packageFiles('@spanledger/dashboard', {
      manifest,
      source: `import { callId } from '@spanledger/core'`,
    })
    expect(findViolations(types)).toEqual([
      'packages/dashboard/src/index.ts imports "@spanledger/core", which packages/dashboard/package.json does not declare',
    ])
    expect(findViolations(values)).toEqual([
      'packages/dashboard/package.json depends on "@spanledger/core"; @spanledger/dashboard may import @spanledger/core/time, any package of others',
      'packages/dashboard/src/index.ts imports "@spanledger/core"; @spanledger/dashboard may import @spanledger/core/time, any package of others',
    ])
  })

  test('anything of the core in the dashboard, except its entry for time', () => {
    const manifest = { devDependencies: { '@spanledger/core': '1.0.0' } }
    const core = packageFiles('@spanledger/core', { manifest: { exports: { '.': {}, './time': {}, './times': {} } } })
    const page = (source: string) =>
      findViolations([...core, ...packageFiles('@spanledger/dashboard', { manifest, source })])
    expect(page(`import { createWallClock } from '@spanledger/core/time'`)).toEqual([])
    expect(page(`import { callId } from '@spanledger/core'; import { late } from '@spanledger/core/times'`)).toEqual([
      'packages/dashboard/src/index.ts imports "@spanledger/core"; @spanledger/dashboard may import @spanledger/core/time, any package of others',
      'packages/dashboard/src/index.ts imports "@spanledger/core/times"; @spanledger/dashboard may import @spanledger/core/time, any package of others',
    ])
  })

  test('types of ours that the dashboard is compiled with are a devDependency of it, and its values are refused', () => {
    const manifest = { devDependencies: { '@spanledger/server': '1.0.0' } }
    const page = (source: string) => findViolations(packageFiles('@spanledger/dashboard', { manifest, source }))
    expect(page(`import type { Totals } from '@spanledger/server/api'`)).toEqual([])
    expect(page(`import { createServer } from '@spanledger/server'`)).toEqual([
      'packages/dashboard/src/index.ts imports "@spanledger/server"; @spanledger/dashboard may import @spanledger/core/time, any package of others',
    ])
  })

  test.each([
    [`import { join } from 'node:path'`, 'imports "node:path"; @spanledger/core may import nothing'],
    [`import path from 'path'`, 'imports "path"; @spanledger/core may import nothing'],
    [`export const a = Buffer.from('a')`, 'uses Buffer; @spanledger/core is pure'],
    [`export const a = globalThis.process`, 'uses process; @spanledger/core is pure'],
    [`export const a = { fetch }`, 'uses fetch; @spanledger/core is pure'],
    [`declare const setTimeout: () => void; setTimeout()`, 'uses setTimeout; @spanledger/core is pure'],
    [`export const a = Date.now()`, 'uses Date.now; @spanledger/core is pure'],
    [`export const a = new Date()`, 'uses new Date(); @spanledger/core is pure'],
    [`export const a = Math.random()`, 'uses Math.random; @spanledger/core is pure'],
  ])('what makes the core impure: %s', (source, violation) => {
    const files = packageFiles('@spanledger/core', { source })
    expect(findViolations(files)).toEqual([`packages/core/src/index.ts ${violation}`])
  })

  test.each([
    `export const a = process.env.HOME`,
    `export const a = process['env']`,
    `export const a = globalThis.process?.env`,
    `export const a = (globalThis as { process?: { env: object } }).process?.env`,
    `const { env } = process; export const a = env`,
    `import { env } from 'node:process'; export const a = env`,
  ])('a read of the environment: %s', (source) => {
    const files = packageFiles('@spanledger/journal', { source })
    expect(findViolations(files)).toEqual(['packages/journal/src/index.ts reads process.env; only spanledger does'])
  })

  test('a read of the arguments', () => {
    const files = packageFiles('@spanledger/server', { source: 'export const port = process.argv[2]' })
    expect(findViolations(files)).toEqual(['packages/server/src/index.ts reads process.argv; only spanledger does'])
  })

  test.each([
    [`export const isFile = (kind: string) => kind === 'sqlite'`, 'sqlite'],
    [`export const each = { postgres: 'json_array_elements' }`, 'postgres'],
    [`export type Kind = 'clickhouse' | 'other'`, 'clickhouse'],
    [`export const f = (kind: string) => { switch (kind) { case 'PostgreSQL': return 1 } }`, 'PostgreSQL'],
  ])('a branch on the name of a database outside of its folder: %s', (source, name) => {
    expect(findViolations(packageFiles('@spanledger/server', { source }))).toEqual([
      `packages/server/src/index.ts names the database "${name}"; only packages/store/src/databases/ does`,
    ])
  })

  test('no branch where a database names itself, or a property is read', () => {
    const files = [
      ...packageFiles('@spanledger/store', { source: `export const version = process.versions['sqlite']` }),
      file('packages/store/src/databases/sqlite/sqlite.ts', `export const SQLITE = { id: 'sqlite', name: 'SQLite' }`),
    ]
    expect(findViolations(files)).toEqual([])
  })

  test('an import that package.json does not declare', () => {
    const files = packageFiles('spanledger', { source: `import { Command } from 'commander/esm'` })
    expect(findViolations(files)).toEqual([
      'packages/spanledger/src/index.ts imports "commander/esm", which packages/spanledger/package.json does not declare',
    ])
  })

  test('a copy of what is the application’s', () => {
    const files = packageFiles('@spanledger/otel', { manifest: { dependencies: { '@opentelemetry/api': '1.9.1' } } })
    expect(findViolations(files)).toEqual([
      `packages/otel/package.json depends on "@opentelemetry/api", which is the application's: make it a peer`,
    ])
  })

  test('a package that nobody drew an arrow for', () => {
    expect(findViolations(packageFiles('@spanledger/utils', {}))).toEqual([
      'packages/utils/package.json: @spanledger/utils is not in the table of packages',
    ])
  })

  test.each([
    [
      'two rooms',
      { 'call/a.ts': '../json/b.ts', 'json/b.ts': '../call/c.ts' },
      'call/a.ts imports json/b.ts, json/b.ts imports call/c.ts',
    ],
    [
      'a room and a file beside it',
      { 'store.ts': './calls/a.ts', 'calls/a.ts': '../store.ts' },
      'store.ts imports calls/a.ts, calls/a.ts imports store.ts',
    ],
    [
      'three rooms',
      { 'a/a.ts': '../b/b.ts', 'b/b.ts': '../c/deep/c.ts', 'c/deep/c.ts': '../../a/a.ts' },
      'a/a.ts imports b/b.ts, b/b.ts imports c/deep/c.ts, c/deep/c.ts imports a/a.ts',
    ],
  ])('rooms in a circle: %s', (_, imports, steps) => {
    expect(findViolations(filesOfCore(imports))).toEqual([
      `packages/core/src has rooms that import each other in a circle: ${steps}`,
    ])
  })

  test('rooms in a circle inside of a room', () => {
    const imports = { 'api/routes/a.ts': '../schemas/b.ts', 'api/schemas/b.ts': '../routes/a.ts' }
    expect(findViolations(filesOfCore(imports))).toEqual([
      'packages/core/src/api has rooms that import each other in a circle: ' +
        'routes/a.ts imports schemas/b.ts, schemas/b.ts imports routes/a.ts',
    ])
  })

  test('no circle where a room uses the rooms inside it, and they use it', () => {
    const imports = {
      'api/create.ts': './routes/a.ts',
      'api/routes/a.ts': '../context.ts',
      'api/context.ts': './schemas/b.ts',
      'index.ts': './api/create.ts',
    }
    expect(findViolations(filesOfCore(imports))).toEqual([])
  })

  test('a path out of a package', () => {
    const files = packageFiles('@spanledger/journal', { source: `import { a } from '../../core/src/a.ts'` })
    expect(findViolations(files)).toEqual([
      'packages/journal/src/index.ts imports "../../core/src/a.ts", which is outside of packages/journal',
    ])
  })

  test.each([
    '../../packages/core/src/to-call.ts',
    '@spanledger/core/src/to-call.ts',
    '@spanledger/core/dist/index.js',
  ])('a test that reaches into a package: %s', (specifier) => {
    const files = [
      ...packageFiles('@spanledger/core', {}),
      file('test/core/a.test.ts', `import { a } from '${specifier}'`),
    ]
    expect(findViolations(files)).toEqual([
      `test/core/a.test.ts imports "${specifier}"; use the names that @spanledger/core exports`,
    ])
  })

  test.each([
    [`export * from './a.ts'`, 'exports *; list the names one by one'],
    [`export * as all from './a.ts'`, 'exports *; list the names one by one'],
    [`export default function a() {}`, 'has a default export; name it'],
    [`const a = 1; export { a as default }`, 'has a default export; name it'],
  ])('an export without a name: %s', (source, violation) => {
    const files = packageFiles('@spanledger/core', { source })
    expect(findViolations(files)).toEqual([`packages/core/src/index.ts ${violation}`])
  })
})

function filesOfCore(imports: Readonly<Record<string, string>>): readonly RepositoryFile[] {
  const files = Object.entries(imports).map(([path, specifier]) =>
    file(`packages/core/src/${path}`, `export { a } from '${specifier}'`),
  )
  return [
    ...packageFiles('@spanledger/core', {}).filter(({ path }) => !files.some((own) => own.path === path)),
    ...files,
  ]
}

function packageFiles(
  name: string,
  { manifest = {}, source = '' }: { readonly manifest?: object; readonly source?: string },
): readonly RepositoryFile[] {
  const folder = `packages/${name.replace('@spanledger/', '')}`
  return [
    file(`${folder}/package.json`, JSON.stringify({ name, exports: { '.': {} }, ...manifest })),
    file(`${folder}/src/index.ts`, source),
  ]
}

function file(path: string, text: string): RepositoryFile {
  return { path, text }
}

async function repositoryFiles(): Promise<readonly RepositoryFile[]> {
  const folders = ['packages', 'test', 'bench', 'examples']
  const paths = (await Promise.all(folders.map((folder) => filesUnder(join(ROOT, folder))))).flat()
  const read = paths.filter((path) => /\/package\.json$|\.(ts|tsx|mts|js|mjs)$/.test(path))
  return Promise.all(read.map(async (path) => file(relative(ROOT, path), await readFile(path, 'utf8'))))
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const skipped = new Set(['node_modules', 'dist'])
  const below = entries.filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name))
  return [...files, ...(await Promise.all(below.map((entry) => filesUnder(join(folder, entry.name))))).flat()]
}
