import { once } from 'node:events'
import { styleText } from 'node:util'
import type { Environment } from '../settings.ts'

/** The output of a command: data to stdout, everything else to stderr, colour only on a terminal. */
export interface CliOutput {
  /** Columns of the terminal; undefined if the data goes to a file or a pipe. */
  readonly width: number | undefined
  /** True if stderr is a terminal, so progress may be shown. */
  readonly isWatched: boolean
  /** True if data and notes go to the same terminal. */
  readonly isSharedTerminal: boolean
  /** Writes data; resolves when the stream accepts more. */
  write(text: string): Promise<void>
  /** Writes a line about the data. */
  note(text: string): void
  /** Writes an error line. */
  error(text: string): void
  heading(text: string): string
}

/** The streams of a process. */
export interface CliStreams {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Writes to the streams of a process. `onBroken` is called when the reader of the data is gone, as after `| head`. */
export function createCliOutput(
  { stdout, stderr }: CliStreams,
  environment: Environment,
  onBroken: () => void,
): CliOutput {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (stream === stdout) onBroken()
    })
  }
  const isQuiet = environment['TERM'] === 'dumb' || isSet(environment['CI'])
  const line = (text: string) => void stderr.write(`${text}\n`)
  return {
    width: stdout.isTTY ? stdout.columns : widthOf(environment['COLUMNS']),
    isWatched: stderr.isTTY && !isQuiet,
    isSharedTerminal: stdout.isTTY && stderr.isTTY,
    async write(text) {
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    note: line,
    error: (text) => line(styleText('red', text, { stream: stderr })),
    heading: (text) => styleText('bold', text, { stream: stdout }),
  }
}

// Shells do not export COLUMNS, so an exported value is intended.
function widthOf(columns: string | undefined): number | undefined {
  return columns !== undefined && /^[1-9]\d{0,4}$/.test(columns) ? Number(columns) : undefined
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0'
}
