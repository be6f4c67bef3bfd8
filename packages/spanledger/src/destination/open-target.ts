import type { JournalTarget } from '@spanledger/journal'
import { databaseKindOf } from '@spanledger/store/kinds'
import type { Destination } from './destination.ts'
import { createHttpTarget } from './http-target.ts'
import { createStoreTarget, type StoreTargetOptions } from './store-target.ts'

/** Creates the target of deliveries; it is opened by the first delivery. */
export function openTarget(destination: Destination, options: StoreTargetOptions = {}): JournalTarget {
  if (!('ledgerUrl' in destination)) return createStoreTarget(destination, options)
  const { ledgerUrl: url, token } = destination
  return createHttpTarget({ url, token })
}

/** Loads the code that deliveries to a destination need, so that the first one need not. */
export async function loadTarget(destination: Destination): Promise<void> {
  if (!('ledgerUrl' in destination)) await databaseKindOf(destination)?.load()
}
