/**
 * Prints what each AI SDK major really puts on its spans.
 * `npx node test/conformance/dump.ts [scenario] [variant] [provider] [--out folder]`, each a name or `all`.
 * With `--out`, one file per run: folder/variant/provider/scenario.txt.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatSpans } from './format-spans.ts'
import { ALL_PROVIDERS } from './scenario.ts'
import { applies, SCENARIOS } from './scenarios.ts'
import { runScenario, type Combination, type Run } from './run-scenario.ts'
import { VARIANTS } from './variants.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const combinations = chosenCombinations(positionals)
if (combinations.length === 0) throw new Error(`Nothing to run for ${positionals.join(' ')}; use all, or ${names()}`)

// The majors print warnings about settings that a model does not take.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })

let failed = 0
for (const combination of combinations) {
  const path = `${combination.variant}/${combination.provider}/${combination.scenario.name}.txt`
  try {
    await show(path, textOf(await runScenario(combination)))
  } catch (error) {
    failed += 1
    console.error(`${path}: ${String(error)}`)
  }
}
console.error(`${combinations.length - failed} of ${combinations.length} ran`)
process.exitCode = failed === 0 ? 0 : 1

function chosenCombinations([scenario = 'all', variant = 'all', provider = 'all']: readonly string[]): Combination[] {
  return VARIANTS.filter((name) => fits(variant, name)).flatMap((variant) =>
    ALL_PROVIDERS.filter((name) => fits(provider, name)).flatMap((provider) =>
      SCENARIOS.filter((each) => fits(scenario, each.name) && applies(each, variant, provider)).map((scenario) => ({
        scenario,
        variant,
        provider,
      })),
    ),
  )
}

function fits(wanted: string, name: string): boolean {
  return wanted === 'all' || wanted === name
}

function names(): string {
  return [...SCENARIOS.map(({ name }) => name), ...VARIANTS, ...ALL_PROVIDERS].join(', ')
}

function textOf(run: Run): string {
  const wire = run.calls.map(({ path, stream, status, completed, usage }) => {
    const end = completed ? '' : ', broken off'
    return `wire: ${path} ${stream ? 'streamed' : 'whole'} ${status ?? 'no status'}${end} ${JSON.stringify(usage ?? null)}`
  })
  return `${formatSpans(run)}\n${wire.join('\n')}\n`
}

async function show(path: string, text: string): Promise<void> {
  if (values.out === undefined) return console.log(`${path}\n\n${text}`)
  const file = join(values.out, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
