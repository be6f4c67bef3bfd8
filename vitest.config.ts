import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@spanledger/source'] },
  ssr: { resolve: { conditions: ['@spanledger/source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // CONFORMANCE.md is being rewritten for the register variants; until it is, the matrix runs by its own command.
    exclude: ['**/node_modules/**', 'test/conformance/{matrix-*,conformance-table}.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
