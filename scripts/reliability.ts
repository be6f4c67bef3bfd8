/**
 * Kills, fills, freezes and breaks what there is, counts calls afterwards, and prints one figure a test.
 *   npm run test:reliability                  the short form
 *   npm run test:reliability -- --full        the long one, as many rounds as the promises say
 *   npm run test:reliability -- kill          files whose name says so; everything else goes to vitest
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const given = process.argv.slice(2)
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  // Most of a test is waiting for leases to run out, so that two of them do not get into each other's way.
  [
    vitest,
    'run',
    '--project',
    'reliability',
    '--maxWorkers=2',
    '--maxConcurrency=2',
    ...given.filter((argument) => argument !== '--full'),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(given.includes('--full') ? { SPANLEDGER_RELIABILITY: 'full' } : {}) },
  },
)
process.exitCode = status ?? 1
