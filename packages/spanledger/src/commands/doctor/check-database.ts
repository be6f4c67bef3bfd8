import type { Store } from '@spanledger/store'
import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { countOf } from '../../cli/text/numbers.ts'
import { bad, type Finding, good } from './check.ts'
import { checkTwins } from './check-twins.ts'

const MOST_LOG_BYTES = 512 * 1024 * 1024
const LEAST_FREE_BYTES = 256 * 1024 * 1024

/** What of a database is worth knowing. `name` is how it may be shown, `now` epoch milliseconds. */
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

/** What there is around the file of a database. */
export function checkFileOf(path: string): readonly Finding[] {
  const { bavail, bsize } = statfsSync(dirname(path))
  const free = bavail * bsize
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  return [
    ...(free < LEAST_FREE_BYTES
      ? [
          bad(
            `${megabytes(free)} are free beside ${path}`,
            'a full disk takes no calls',
            'Make room, or "spanledger prune"',
          ),
        ]
      : []),
    ...(log > MOST_LOG_BYTES
      ? [
          bad(
            `${path}-wal has grown to ${megabytes(log)}`,
            'somebody reads without an end, so that it cannot be cut back',
            'End what has the database open (a shell, a backup); it shrinks with the next writes',
          ),
        ]
      : []),
  ]
}

async function checkPrices(store: Store): Promise<Finding> {
  const unpriced = await store.unpricedModels({})
  const [first] = unpriced
  if (first === undefined) return good('Every call that tells its tokens has a cost')
  return bad(
    `${countOf(unpriced.length, 'model')} without a price, such as ${first.provider ?? 'an unknown provider'}/${first.model ?? 'unknown'}`,
    `what they cost is missing in every sum (${first.reason ?? 'no reason is known'})`,
    '"spanledger prices check" tells more, "spanledger prices set" gives a price, "spanledger reprice" applies it',
  )
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024).toLocaleString('en-US')} MB`
}
