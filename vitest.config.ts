import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@spanledger/source'] },
  ssr: { resolve: { conditions: ['@spanledger/source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
