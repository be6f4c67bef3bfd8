import { once } from 'node:events'
import { styleText } from 'node:util'
import type { Environment } from '../settings.ts'

/** Where a command writes: data to stdout, everything else to stderr, no colour where nobody sees it. */
export interface CliOutput {
  /** Columns of the terminal; nothing when the data goes to a file or a pipe. */
  readonly width: number | undefined
  /** A person watches stderr, so something may move there. */
  readonly isWatched: boolean
  /** True if data goes to the terminal that notes go to as well. */
  readonly isSharedTerminal: boolean
  /** Writes data; resolves when more may come. */
  write(text: string): Promise<void>
  /** Tells something about the data, on a line of its own. */
  note(text: string): void
  /** Tells what went wrong, on a line of its own. */
  error(text: string): void
  heading(text: string): string
}

/** The streams of a process. */
export interface CliStreams {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Writes to the streams of a process. `onBroken` is called when nobody reads the data any more, as after `| head`. */
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

// A shell keeps COLUMNS to itself, so whoever exports it means it.
function widthOf(columns: string | undefined): number | undefined {
  return columns !== undefined && /^[1-9]\d{0,4}$/.test(columns) ? Number(columns) : undefined
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0'
}
