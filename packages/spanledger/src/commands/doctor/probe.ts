import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CliContext } from '../../cli/context.ts'
import { OPTION_VARIABLES } from '../../settings-names.ts'
import type { OpenLedger } from '../../sink/open-ledgers.ts'
import { PROBE_MARK, probeScript } from './probe-script.ts'
import { hidePasswords } from '../../destination/split-userinfo.ts'

/** What a process found that was set up like the application. */
export interface Probe {
  /** The trace of the test span. */
  readonly traceId: string
  /** True if no preloaded module had set up tracing, so spanledger/register did. */
  readonly isFallback: boolean
  /** Whether the test span was sampled, so exporters send it. */
  readonly isSampled: boolean
  /** Whether the context survives an `await`, as `withUsage` needs. */
  readonly holdsContext: boolean
  /** How many of `PROBE_TRACES` traces reach processors, and how many exporters. */
  readonly recorded: number
  readonly sampled: number
  /** The names of the integrations registered with AI SDK 7. */
  readonly integrations: readonly string[]
  /** Warnings and errors of OpenTelemetry. */
  readonly problems: readonly string[]
  /** The usage logs that the process opened. */
  readonly ledgers: readonly Pick<OpenLedger, 'destination' | 'journal'>[]
}

/** How a probe is started. */
export interface ProbeOptions {
  /** The module that sets up tracing. */
  readonly module: string | undefined
  /** The database of the process, unless its set-up names one; that of the environment if undefined. */
  readonly database: string | undefined
}

/** The result of a probe process, undefined if it printed none, and what it wrote to stderr. */
export interface ProbeRun {
  readonly probe: Probe | undefined
  readonly stderr: string
}

const WITHIN_MS = 20_000
const GRACE_MS = 2_000
const NO_TRACE = /^0*$/
const PRELOADS = /(?:^|\s)(?:--import|--require|-r)\b/

/**
 * Creates a test span in a separate process with the environment of the application. Tracing is set up by `module` if
 * given, else by what NODE_OPTIONS preloads, else by spanledger/register. The process has ended when it resolves.
 */
export async function runProbe({ module, database }: ProbeOptions, context: CliContext): Promise<ProbeRun> {
  const { environment, workingFolder } = context
  const isSource = import.meta.url.endsWith('.ts')
  const register = new URL(isSource ? '../../preload.ts' : '../../preload.js', import.meta.url).href
  // A preload may be a tracing setup, a debugger or a loader: only the process itself can tell.
  const isPreloaded = PRELOADS.test(environment['NODE_OPTIONS'] ?? '')
  const preload = module ?? (isPreloaded ? undefined : register)
  const parameters = [
    ...(isSource ? ['--conditions=@spanledger/source'] : []),
    ...(preload === undefined ? [] : [`--import=${preload}`]),
    '--input-type=module',
    '--eval',
    probeScript(preload === undefined ? register : undefined),
  ]
  const child = spawn(process.execPath, parameters, {
    cwd: workingFolder,
    env: { ...environment, ...(database === undefined ? {} : { [OPTION_VARIABLES.database]: database }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN_MS,
    // A setup may handle gentler signals and keep running.
    killSignal: 'SIGKILL',
  })
  let printed = ''
  let stderr = ''
  const marked = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (probeLineIn(printed) !== undefined) resolve()
    })
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.on('error', (error) => (stderr += error.message))
  await enoughOf(child, marked)
  await end(child)
  return { probe: probeIn(printed), stderr: lastSentence(stderr) }
}

// A server or an interval of the setup keeps the process alive, and its children keep the pipes open. So neither is waited
// for long once the result is there.
async function enoughOf(child: ChildProcess, marked: Promise<void>): Promise<void> {
  const after = (event: string) => new Promise<void>((resolve) => child.once(event, () => resolve()))
  const enough = Promise.race([marked, after('exit')]).then(() => sleep(GRACE_MS, undefined, { ref: false }))
  await Promise.race([after('close'), after('error'), enough])
}

async function end(child: ChildProcess): Promise<void> {
  child.stdout?.destroy()
  child.stderr?.destroy()
  const isAlive = child.pid !== undefined && child.exitCode === null && child.signalCode === null
  if (!isAlive) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** The result line, once it is complete. */
function probeLineIn(printed: string): string | undefined {
  const complete = printed.split('\n').slice(0, -1)
  return complete.find((text) => text.startsWith(PROBE_MARK))
}

function probeIn(printed: string): Probe | undefined {
  const line = probeLineIn(printed)
  if (line === undefined) return undefined
  const probe = JSON.parse(line.slice(PROBE_MARK.length)) as Probe // printed by our script
  return NO_TRACE.test(probe.traceId) ? undefined : probe
}

// The line of Node's output that names the error.
function lastSentence(text: string): string {
  // Before the cut: half a URL would not be recognized.
  const lines = hidePasswords(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return (lines.find((line) => /Error|spanledger/i.test(line)) ?? lines[0] ?? '').trim().slice(0, 300)
}
