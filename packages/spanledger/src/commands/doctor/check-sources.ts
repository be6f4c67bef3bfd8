import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Environment } from '../../settings.ts'
import { bad, type Finding, good } from './check.ts'

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/
const SKIPPED = /^(?:node_modules|dist|build|\.next|\.git|coverage)$/
const MOST_FILES = 2_000

interface Trap {
  readonly isIn: (text: string) => boolean
  readonly what: string
  readonly why: string
  readonly fix: string
}

const TRAPS: readonly Trap[] = [
  {
    isIn: (text) => /new NodeSDK\(/.test(text) && /\btraceExporter\b/.test(text) && /\bspanProcessors\b/.test(text),
    what: 'NodeSDK has both traceExporter and spanProcessors',
    why: 'it ignores the exporter, silently',
    fix: 'Put new BatchSpanProcessor(exporter) into spanProcessors instead',
  },
  {
    isIn: (text) => /\btelemetry:\s*\{[^}]*\bintegrations:/.test(text),
    what: 'A call names its own telemetry.integrations',
    why: 'they take the place of all others for that call, so Spanledger does not see it',
    fix: 'Register integrations once, for all calls, and leave them out there',
  },
]

/** What is known to go wrong, as far as it can be told from the sources and the environment. */
export function checkSources(folder: string, environment: Environment): readonly Finding[] {
  const files = sourcesIn(folder)
  const findings = TRAPS.flatMap((trap): Finding[] => {
    const file = files.find((path) => trap.isIn(readFileSync(path, 'utf8')))
    return file === undefined ? [] : [bad(`${trap.what} (${relative(folder, file)})`, trap.why, trap.fix)]
  })
  const found = findings.length === 0 ? [good(`No known trap in ${files.length} source files`)] : findings
  return [...found, checkSampler(environment)]
}

function checkSampler(environment: Environment): Finding {
  const sampler = environment['OTEL_TRACES_SAMPLER'] ?? 'parentbased_always_on'
  if (!/traceidratio|always_off/.test(sampler)) return good('Every trace is sampled')
  return bad(
    `OTEL_TRACES_SAMPLER is ${sampler}`,
    'calls in traces that are not sampled never reach a server, and their cost is missing there',
    'Write usage in the application (register, UsageSpanProcessor), with recordUnsampled(sampler)',
  )
}

function sourcesIn(folder: string): readonly string[] {
  const files: string[] = []
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined && files.length < MOST_FILES; next = folders.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name)
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) folders.push(path)
      else if (entry.isFile() && SOURCE.test(entry.name)) files.push(path)
    }
  }
  return files.slice(0, MOST_FILES)
}
