import type { Store } from '@spanledger/store'
import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { countOf } from '../../cli/text/numbers.ts'
import { bad, type Finding, good } from './check.ts'
import { checkTwins } from './check-twins.ts'

const MAX_LOG_BYTES = 512 * 1024 * 1024
const MIN_FREE_BYTES = 256 * 1024 * 1024

/** Checks what a database contains. `name` has no password in it; `now` is epoch milliseconds. */
export async function checkDatabase(
  store: Store,
  { name, now }: { readonly name: string; readonly now: number },
): Promise<readonly Finding[]> {
  const { calls, openCalls } = await store.summary({})
  return [
    good(`${name}: ${countOf(calls, 'provider call')}, ${openCalls} open`),
    await checkPrices(store),
    ...(await checkTwins(store, now)),
  ]
}

/** Checks the disk space and the write-ahead log beside a database file. */
export function checkFileOf(path: string): readonly Finding[] {
  const { bavail, bsize } = statfsSync(dirname(path))
  const free = bavail * bsize
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  return [
    ...(free < MIN_FREE_BYTES
      ? [
          bad(
            `Only ${megabytes(free)} of disk space left for ${path}`,
            'calls cannot be stored on a full disk',
            'Free some space, or delete old data with "spanledger prune"',
          ),
        ]
      : []),
    ...(log > MAX_LOG_BYTES
      ? [
          bad(
            `${path}-wal has grown to ${megabytes(log)}`,
            'a reader keeps a transaction open, so SQLite cannot truncate the log',
            'Close whatever has the database open (a shell, a backup); the log shrinks with the next writes',
          ),
        ]
      : []),
  ]
}

async function checkPrices(store: Store): Promise<Finding> {
  const unpriced = await store.unpricedModels({})
  const [first] = unpriced
  if (first === undefined) return good('Every call with known tokens has a cost')
  return bad(
    `${countOf(unpriced.length, 'model')} without a price, such as ${first.provider ?? 'an unknown provider'}/${first.model ?? 'unknown'}`,
    `their cost is missing from every sum (${first.reason ?? 'unknown reason'})`,
    'See "spanledger prices check"; set a price with "spanledger prices set" and apply it with "spanledger reprice"',
  )
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024).toLocaleString('en-US')} MB`
}
