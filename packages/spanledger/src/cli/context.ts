import type { CliOutput } from './output.ts'
import type { Environment } from '../settings.ts'

/** What a command is given: everything it reads of the process around it. */
export interface CliContext {
  readonly environment: Environment
  readonly workingFolder: string
  /** Of this machine, an IANA name. */
  readonly timeZone: string
  readonly input: AsyncIterable<Uint8Array>
  readonly output: CliOutput
  /** Epoch milliseconds. */
  now(): number
}
