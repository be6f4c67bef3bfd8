import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// Each has an npm script, because it needs more time or more of the machine than `npm test` may take.
const SUITES = ['reliability', 'backends', 'dashboard']

function project(name: string, include: string, exclude: readonly string[] = []): TestProjectInlineConfiguration {
  return {
    resolve: { conditions: ['@spanledger/source'] },
    ssr: { resolve: { conditions: ['@spanledger/source', 'node', 'default'] } },
    test: {
      name,
      include: [include],
      exclude: ['**/node_modules/**', ...exclude],
      pool: 'forks',
      execArgv: ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning'],
      testTimeout: name === 'unit' ? 60_000 : 300_000,
      hookTimeout: name === 'unit' ? 120_000 : 300_000,
      // Real processes, browsers and servers on a machine that others use too; the report says what was tried again.
      retry: process.env['CI'] === undefined ? 0 : 1,
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        'test/**/*.test.ts',
        SUITES.map((suite) => `test/${suite}/**`),
      ),
      ...SUITES.map((suite) => project(suite, `test/${suite}/**/*.test.ts`)),
    ],
  },
})
