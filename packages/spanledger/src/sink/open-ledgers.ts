import type { Call } from '@spanledger/core'
import type { Destination } from '../destination/destination.ts'

/** A usage log that this process has opened, for code that must know where its calls go and which of them still wait. */
export interface OpenLedger {
  readonly destination: Destination
  /** The folder of its journal; undefined if it has none. */
  readonly journal: string | undefined
  /** Resolves when the calls that wait are stored, when the database fails, or after 5 seconds. Never rejects. */
  flush(): Promise<void>
  /** The lines of ended calls that may not be stored yet. Throws if a file cannot be read. */
  waitingLines(): readonly string[]
  /** The calls that have started and not ended, without content. */
  openCalls(): readonly Call[]
}

const SLOT = Symbol.for('spanledger.ledgers')

// On `globalThis`, because bundles of one application have no other way to meet.
type Slot = { [SLOT]?: Set<OpenLedger> }

/** Every usage log that is open in this process, oldest first. */
export function openLedgers(): readonly OpenLedger[] {
  return [...((globalThis as Slot)[SLOT] ?? [])]
}

/** Adds a usage log to the open ones. Returns the function that removes it. */
export function addOpenLedger(ledger: OpenLedger): () => void {
  const ledgers = ((globalThis as Slot)[SLOT] ??= new Set())
  ledgers.add(ledger)
  return () => void ledgers.delete(ledger)
}
