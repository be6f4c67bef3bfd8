import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CliContext } from '../../cli/context.ts'
import { PROBE_MARK, probeScript } from './probe-script.ts'
import { hidePasswords } from '../../destination/split-userinfo.ts'

/** What a process saw that was set up as the application is. */
export interface Probe {
  /** Of the test span. */
  readonly traceId: string
  /** Whether nothing that NODE_OPTIONS preloads had set tracing up, so that spanledger/register did. */
  readonly isFallback: boolean
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
const GRACE_MS = 2_000
const NO_TRACE = /^0*$/
const PRELOADS = /(?:^|\s)(?:--import|--require|-r)\b/

/**
 * Makes one span in a process of its own, set up as the application is: by `module` if one is given, by what NODE_OPTIONS
 * preloads if that sets tracing up, else by spanledger/register, all with its environment. The process is gone afterwards.
 */
export async function runProbe(module: string | undefined, context: CliContext): Promise<ProbeRun> {
  const { environment, workingFolder } = context
  const isSource = import.meta.url.endsWith('.ts')
  const register = new URL(isSource ? '../../preload.ts' : '../../preload.js', import.meta.url).href
  // It may be a set-up, or a debugger, or a loader. Only the process itself can tell.
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
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN_MS,
    // A set-up may handle the gentler ones, and live on.
    killSignal: 'SIGKILL',
  })
  let printed = ''
  let said = ''
  const marked = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (probeLineIn(printed) !== undefined) resolve()
    })
  })
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.on('error', (error) => (said += error.message))
  await enoughOf(child, marked)
  await end(child)
  return { probe: probeIn(printed), said: lastSentence(said) }
}

// What a set-up leaves open (a server, an interval) keeps the process alive, and what it has started keeps the pipes open.
// So neither is waited for long once there is nothing more to learn.
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

/** The line of our script, once all of it is there. */
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

// Of what Node prints about an error, the line that says what it is.
function lastSentence(text: string): string {
  // A part of an address would not be known for one.
  const lines = hidePasswords(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return (lines.find((line) => /Error|spanledger/i.test(line)) ?? lines[0] ?? '').trim().slice(0, 300)
}
