import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Environment } from '../../settings.ts'
import { bad, type Finding, good } from './check.ts'
import { type Application, type Source, TRAPS } from './source-traps.ts'

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/
const SKIPPED = /^(?:node_modules|dist|build|out|\.next|\.git|coverage)$/
const MAX_FILES = 2_000
const MAX_BYTES = 1_000_000

// Code in comments does not run.
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm

/** Finds known mistakes in the sources. `aiMajor` is the major version of the AI SDK; undefined if it is not installed. */
export function checkSources(
  folder: string,
  environment: Environment,
  aiMajor: number | undefined,
): readonly Finding[] {
  const sources = sourcesIn(folder)
  const application: Application = { aiMajor, sources, starts: startsOf(folder, environment) }
  const findings = TRAPS.flatMap((trap): Finding[] => {
    const file = sources.find((source) => trap.isIn(source.text, application))
    return file === undefined ? [] : [bad(`${trap.what} (${file.path})`, trap.why, trap.fix)]
  })
  return findings.length === 0 ? [good(`No known mistake in ${sources.length} source files`)] : findings
}

// The files that say how the application is started.
function startsOf(folder: string, environment: Environment): string {
  const files = ['package.json', 'Dockerfile', 'Procfile'].map((name) => join(folder, name)).filter(existsSync)
  return [environment['NODE_OPTIONS'] ?? '', ...files.map((path) => readFileSync(path, 'utf8'))].join('\n')
}

function sourcesIn(folder: string): readonly Source[] {
  const sources: Source[] = []
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined && sources.length < MAX_FILES; next = folders.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name)
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) folders.push(path)
      else if (entry.isFile() && SOURCE.test(entry.name) && statSync(path).size <= MAX_BYTES) {
        sources.push({ path: relative(folder, path), text: readFileSync(path, 'utf8').replace(COMMENTS, '') })
      }
    }
  }
  return sources.slice(0, MAX_FILES)
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // not ours to read
  }
}
