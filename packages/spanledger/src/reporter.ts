import { writeSync } from 'node:fs'

/** Says what is wrong where somebody hears it: OpenTelemetry's `diag` is silent unless an application turns it on. */
export interface Reporter {
  /** At most one line per reason and 10 seconds; the reason is a short fixed word. */
  warn(reason: string, message: string): void
  /** The process is exiting: from here on lines are written at once, because no event comes any more. */
  speakNow(): void
}

const QUIET_MS = 10_000

export function createReporter(
  emit: (message: string) => void = (message) => process.emitWarning(message, { type: 'SpanledgerWarning' }),
  now: () => number = Date.now,
): Reporter {
  const saidAt = new Map<string, number>()
  let isExiting = false
  return {
    warn(reason, message) {
      const at = now()
      if (at - (saidAt.get(reason) ?? -QUIET_MS) < QUIET_MS) return
      saidAt.set(reason, at)
      if (isExiting) writeLine(`(node:${process.pid}) SpanledgerWarning: spanledger: ${message}\n`)
      else emitQuietly(emit, `spanledger: ${message}`)
    },
    speakNow() {
      isExiting = true
    },
  }
}

// Where warnings go belongs to the application; whoever warns goes on, and counts.
function emitQuietly(emit: (message: string) => void, message: string): void {
  try {
    emit(message)
  } catch {
    // Nobody is left who could be told.
  }
}

function writeLine(line: string): void {
  try {
    writeSync(2, line)
  } catch {
    // Standard error is closed: nobody listens.
  }
}
