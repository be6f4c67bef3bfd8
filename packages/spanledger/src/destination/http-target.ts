import type { Delivery, JournalTarget, RejectedLine } from '@spanledger/journal'
import { postCalls, type ServerAddress } from '@spanledger/otel'

/**
 * Delivers to a Spanledger server. The server stores no positions: after a crash, unconfirmed calls are posted again, and
 * the server stores each call once.
 */
export function createHttpTarget(address: ServerAddress): JournalTarget {
  return {
    deliver: ({ lines }) => deliver(address, lines),
    position: async () => undefined,
    forget: async () => {},
    close: async () => {},
  }
}

async function deliver(address: ServerAddress, lines: readonly string[]): Promise<Delivery> {
  const outcome = await postCalls(address, lines)
  if (outcome.kind === 'failed') throw new Error(outcome.message)
  if (outcome.kind === 'too_large') return deliverHalves(address, lines)
  return {
    stored: outcome.stored,
    deduplicated: outcome.deduplicated,
    rejected: outcome.rejected.map(({ line, reason }) => rejectedLine(lines[line], 'not_storable', reason)),
  }
}

async function deliverHalves(address: ServerAddress, lines: readonly string[]): Promise<Delivery> {
  if (lines.length <= 1) {
    const rejected = lines.map((line) => rejectedLine(line, 'too_large', `the line is too long for ${address.url}`))
    return { stored: 0, deduplicated: 0, rejected }
  }
  const middle = Math.ceil(lines.length / 2)
  const first = await deliver(address, lines.slice(0, middle))
  const second = await deliver(address, lines.slice(middle))
  return {
    stored: first.stored + second.stored,
    deduplicated: first.deduplicated + second.deduplicated,
    rejected: [...first.rejected, ...second.rejected],
  }
}

function rejectedLine(line = '', reason: string, message: string): RejectedLine {
  return { line, reason, message }
}
