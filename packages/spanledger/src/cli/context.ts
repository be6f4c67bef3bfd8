import type { CliOutput } from './output.ts'
import type { Environment } from '../settings.ts'

/** Everything a command reads from its process. */
export interface CliContext {
  readonly environment: Environment
  readonly workingFolder: string
  /** IANA time zone of this machine. */
  readonly timeZone: string
  readonly input: AsyncIterable<Uint8Array>
  readonly output: CliOutput
  /** Epoch milliseconds. */
  now(): number
}
