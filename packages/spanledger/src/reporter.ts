import { writeSync } from 'node:fs'

/** Warns where somebody reads it: OpenTelemetry's `diag` is silent unless an application turns it on. */
export interface Reporter {
  /** Writes at most one line per reason in 10 seconds. The reason is a short fixed word. */
  warn(reason: string, message: string): void
  /** The process is exiting: from here on lines are written at once, because the event loop has stopped. */
  speakNow(): void
}

const QUIET_MS = 10_000

/** Makes a reporter. It emits process warnings unless it is given another `emit`; `now` returns epoch milliseconds. */
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

// Warnings go to code of the application. What that throws must not stop the caller, which goes on and counts.
function emitQuietly(emit: (message: string) => void, message: string): void {
  try {
    emit(message)
  } catch {
    // There is no other place for a warning.
  }
}

function writeLine(line: string): void {
  try {
    writeSync(2, line)
  } catch {
    // Standard error is closed: nobody reads it.
  }
}
