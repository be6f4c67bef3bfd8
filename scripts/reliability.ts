/**
 * Kills processes, fills disks, freezes and breaks things, then counts calls and prints one figure per test.
 *   npm run test:reliability                  the short form
 *   npm run test:reliability -- --full        the long form, with as many rounds as documented
 *   npm run test:reliability -- kill          only files with this name; other arguments go to vitest
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const given = process.argv.slice(2)
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  // Tests mostly wait for leases to expire, so two can run at once without disturbing each other.
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
