import { spawn } from 'node:child_process'
import type { CliContext } from '../../cli-context.ts'
import { PROBE_MARK, PROBE_SCRIPT } from './probe-script.ts'

/** What a process saw that was set up as the application is. */
export interface Probe {
  /** Of the test span. */
  readonly traceId: string
  /** Whether the test span was to be sent on. */
  readonly isSampled: boolean
  /** Whether what `withUsage` sets is there after an `await`. */
  readonly holdsContext: boolean
  /** Of `PROBE_TRACES` traces, how many processors saw, and how many exporters. */
  readonly recorded: number
  readonly sampled: number
  /** The names of what is registered with AI SDK 7. */
  readonly integrations: readonly string[]
  /** What OpenTelemetry had to say. */
  readonly problems: readonly string[]
}

/** A probe, or why there is none; and what the process said. */
export interface ProbeRun {
  readonly probe: Probe | undefined
  readonly said: string
}

const WITHIN_MS = 20_000
const NO_TRACE = /^0*$/
const PRELOADS = /(?:^|\s)(?:--import|--require|-r)\b/

/**
 * Makes one span in a process of its own, set up as the application is: by `module` if one is given, by what NODE_OPTIONS
 * preloads, else by spanledger/register, all with its environment.
 */
export async function runProbe(module: string | undefined, context: CliContext): Promise<ProbeRun> {
  const { environment, workingFolder } = context
  const isSource = import.meta.url.endsWith('.ts')
  const register = new URL(isSource ? '../../preload.ts' : '../../preload.js', import.meta.url).href
  const isPreloaded = PRELOADS.test(environment['NODE_OPTIONS'] ?? '')
  const preload = module ?? (isPreloaded ? undefined : register)
  const parameters = [
    ...(isSource ? ['--conditions=@spanledger/source'] : []),
    ...(preload === undefined ? [] : [`--import=${preload}`]),
    '--input-type=module',
    '--eval',
    PROBE_SCRIPT,
  ]
  const child = spawn(process.execPath, parameters, {
    cwd: workingFolder,
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN_MS,
  })
  let printed = ''
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await new Promise((resolve) => child.on('close', resolve))
  return { probe: probeIn(printed), said: lastSentence(said) }
}

function probeIn(printed: string): Probe | undefined {
  const line = printed.split('\n').find((text) => text.startsWith(PROBE_MARK))
  if (line === undefined) return undefined
  const probe = JSON.parse(line.slice(PROBE_MARK.length)) as Probe // printed by our script
  return NO_TRACE.test(probe.traceId) ? undefined : probe
}

// Of what Node prints about an error, the line that says what it is.
function lastSentence(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => /Error|spanledger/i.test(line)) ?? lines[0] ?? '').trim().slice(0, 300)
}
