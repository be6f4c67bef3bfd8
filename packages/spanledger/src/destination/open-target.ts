import type { JournalTarget } from '@spanledger/journal'
import type { Destination } from './destination.ts'
import { createHttpTarget } from './http-target.ts'
import { createStoreTarget, type StoreTargetOptions } from './store-target.ts'

/** Creates the target of deliveries; it is opened by the first delivery. */
export function openTarget(destination: Destination, options: StoreTargetOptions = {}): JournalTarget {
  if (!('ledgerUrl' in destination)) return createStoreTarget(destination, options)
  const { ledgerUrl: url, token } = destination
  return createHttpTarget({ url, token })
}
