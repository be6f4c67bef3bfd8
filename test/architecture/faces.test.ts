import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findUnusedExports } from './find-unused-exports.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What an index exports for applications alone, with the reason. */
const FOR_APPLICATIONS = {
  spanledger: {
    UsageMetricsProcessor: 'GenAI metrics in an OpenTelemetry set-up of the application',
    UsageLogExporter: 'the usage log as a standard SpanExporter, behind a BatchSpanProcessor of the application',
  },
}

test('an index exports only what another package or an example uses, or the documents describe', async () => {
  const paths = []
  const patterns = ['packages/*/src/**/*.{ts,tsx}', 'examples/**/*.{ts,tsx,mjs}', 'README.md', 'docs/*.md']
  for await (const path of glob(patterns, { cwd: ROOT, exclude: (name) => name.includes('node_modules') }))
    paths.push(path)
  const files = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })))
  expect(files.filter(({ path }) => path.endsWith('/src/index.ts'))).toHaveLength(7)
  expect(findUnusedExports(files, FOR_APPLICATIONS)).toEqual([])
})

test('the checker finds a value that only its own package and tests use', () => {
  const files = [
    {
      path: 'packages/core/src/index.ts',
      text: `export { a, b, c, d, e, type F } from './a.ts'; export type { G } from './g.ts'`,
    },
    { path: 'packages/core/src/h.ts', text: `import { e } from '@spanledger/core'` },
    { path: 'packages/store/src/b.ts', text: `import { a } from '@spanledger/core'` },
    { path: 'packages/otel/src/c.ts', text: `export const used = async () => (await import('@spanledger/core')).b` },
    { path: 'test/core/a.test.ts', text: `import { e } from '@spanledger/core'` },
    { path: 'README.md', text: 'Use `c()`.' },
  ]
  expect(findUnusedExports(files, { '@spanledger/core': { d: 'for applications' } })).toEqual([
    '@spanledger/core exports e, which nothing outside of packages/core uses or describes',
  ])
})
