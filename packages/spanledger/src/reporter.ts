import { writeSync } from 'node:fs'

/** Prints warnings: OpenTelemetry's `diag` is silent unless an application turns it on. */
export interface Reporter {
  /** Writes at most one line per reason in 10 seconds. The reason is a short constant. */
  warn(reason: string, message: string): void
  /** Whether there was any warning. */
  hasWarned(): boolean
  /** Writes synchronously from now on, because the process is exiting and the event loop has stopped. */
  speakNow(): void
}

const QUIET_MS = 10_000

/** Creates a reporter. It emits process warnings unless `emit` is given; `now` returns epoch milliseconds. */
export function createReporter(
  emit: (message: string) => void = (message) => process.emitWarning(message, { type: 'SpanledgerWarning' }),
  now: () => number = Date.now,
): Reporter {
  const warnedAt = new Map<string, number>()
  let isExiting = false
  return {
    warn(reason, message) {
      const at = now()
      if (at - (warnedAt.get(reason) ?? -QUIET_MS) < QUIET_MS) return
      warnedAt.set(reason, at)
      if (isExiting) writeLine(`(node:${process.pid}) SpanledgerWarning: spanledger: ${message}\n`)
      else emitQuietly(emit, `spanledger: ${message}`)
    },
    hasWarned: () => warnedAt.size > 0,
    speakNow() {
      isExiting = true
    },
  }
}

// Warning listeners are code of the application. If they throw, the caller must still continue and count.
function emitQuietly(emit: (message: string) => void, message: string): void {
  try {
    emit(message)
  } catch {
    // There is nowhere else to report it.
  }
}

function writeLine(line: string): void {
  try {
    writeSync(2, line)
  } catch {
    // Standard error is closed.
  }
}
