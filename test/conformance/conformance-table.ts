import { readFile } from 'node:fs/promises'
import { faultsOf, type CellVerdict } from './judge-cell.ts'
import { markdownTable, rowsOfMarkdownTable } from './markdown-table.ts'
import { oldMinorsSection } from './old-minors/old-minors-text.ts'
import { ALL_PROVIDERS } from './scenario.ts'
import { REASONS, type Reason } from './undecidable.ts'
import { VARIANTS, type Variant } from './variants.ts'

/** Where the published table lies. */
export const CONFORMANCE_FILE = new URL('../../CONFORMANCE.md', import.meta.url)

/** What a dialect adds to the document: its row of the summary and its own table. */
export interface VariantText {
  readonly counts: readonly string[]
  readonly table: string
}

const NAMES: Readonly<Record<Variant, string>> = {
  '4': 'AI SDK 4',
  '4-register': 'AI SDK 4, with `register`',
  '5': 'AI SDK 5',
  '5-register': 'AI SDK 5, with `register`',
  '6': 'AI SDK 6',
  '6-register': 'AI SDK 6, with `register`',
  '7-legacy': 'AI SDK 7, `LegacyOpenTelemetry`',
  '7': 'AI SDK 7, `OpenTelemetry` by default',
  '7-register': 'AI SDK 7, with `register`',
  '7-optin': 'AI SDK 7, `OpenTelemetry` with all options',
}

// What a column sums up. Every scenario is in one of them.
const COLUMNS: readonly (readonly [title: string, scenarios: RegExp])[] = [
  ['text', /^(generate-text.*|stream-text|finish-by-length)$/],
  ['objects', /object/],
  ['tools, agents', /tool|^sub-agent$/],
  ['embed, rank', /^(embed|embed-many.*|rerank)$/],
  ['cache', /cache$/],
  ['reasoning', /reasoning$/],
  ['service tier', /^service-tier$/],
  ['refused, repeated', /^(retry|stream-retry|retries.*|stream-retries.*|.*error-400)$/],
  ['cut off', /^(abort|timeout|stream-(abort|broken-off|unread|socket-error|error-part.*))$/],
  ['no content, no usage', /^(content-not-recorded|no-usage|stream-no-usage)$/],
  ['sound, decisions', /^(speech|transcribe|decide)$/],
]

const WHYS: readonly string[] = [...new Set(REASONS.map(({ why }) => why))]

/** What the runs of one dialect say in the document. */
export function variantText(variant: Variant, verdicts: readonly CellVerdict[]): VariantText {
  const right = verdicts.filter((verdict) => faultsOf(verdict).length === 0)
  const counts = [
    verdicts.length,
    right.filter(({ reasons }) => reasons.length === 0).length,
    right.filter(({ reasons }) => reasons.length > 0 && !reasons.some(hidesTokens)).length,
    right.filter(({ reasons }) => reasons.some(hidesTokens)).length,
    verdicts.length - right.length,
  ]
  return {
    counts: [NAMES[variant], ...counts.map(String)],
    table: markdownTable(
      ['', ...COLUMNS.map(([title]) => title)],
      ALL_PROVIDERS.map((provider) => {
        const own = verdicts.filter((verdict) => verdict.provider === provider)
        return [`**${provider}**`, ...COLUMNS.map(([, scenarios]) => summaryOf(own, scenarios))]
      }),
    ),
  }
}

/** Whether a number of tokens is unknown for this reason. */
export function hidesTokens({ fields = [], instead = {} }: Reason): boolean {
  return [...fields, ...Object.keys(instead)].some((field) =>
    /^(input|output|cache (read|write)|reasoning)$/.test(field),
  )
}

/** The scenarios that no column sums up. */
export function scenariosWithoutColumn(verdicts: readonly CellVerdict[]): readonly string[] {
  const names = new Set(verdicts.map(({ scenario }) => scenario))
  return [...names].filter((name) => COLUMNS.filter(([, scenarios]) => scenarios.test(name)).length !== 1)
}

function summaryOf(verdicts: readonly CellVerdict[], scenarios: RegExp): string {
  const cells = verdicts.filter(({ scenario }) => scenarios.test(scenario))
  if (cells.length === 0) return '–'
  if (cells.some((cell) => faultsOf(cell).length > 0)) return '✗'
  const notes = new Set(cells.flatMap(({ reasons }) => reasons.map(({ why }) => WHYS.indexOf(why) + 1)))
  return notes.size === 0 ? '✓' : [...notes].sort((a, b) => a - b).join(' ')
}

const SUMMARY = ['', 'cells', 'exact', 'tokens exact, cost or tier inexact', 'tokens unknown', 'wrong']

/** The whole document, from what the runs of each dialect and those of earlier versions found. */
export async function conformanceDocument(
  texts: Readonly<Record<Variant, VariantText>>,
  oldMinorRows: readonly (readonly string[])[],
): Promise<string> {
  return `# Conformance: tokens and money, for every AI SDK major and provider

Every cell below runs a real \`ai\` module with a real provider package over HTTP, against a local server that answers
like the provider. The numbers in these answers are the truth. For every billable row and attempt, the tests compare input,
output, cache reads and writes (5 minutes and 1 hour), reasoning, service tier, model, provider and cost. They also compare
the number of rows, their status and error, tools and their callers, run, user, session and tags. Each cell is checked
twice: with the span processors in the process, and with its raw spans sent over OTLP. Every exported span is checked
against the GenAI conventions. \`npm run conformance\` writes this file; \`npm test\` runs the same cells and fails if it is
out of date. \`npm run conformance:all\` also runs earlier versions of every major and writes the section about them.

${markdownTable(
  SUMMARY,
  VARIANTS.map((variant) => texts[variant].counts),
)}

- **✓** exact: the row has every number of the answer, and no others.
- **a number**: refers to a note. Values that are missing from the span are NULL on the row, never 0, and a cost that depends
  on them is flagged as an estimate. Everything that the notes do not mention is exact.
- **–** not supported by the major, the package or the provider.
- **✗** wrong. This never appears, because a wrong number fails the tests.

Before version 7, \`register\` reads missing values from answers to requests without streaming. Its tables contain only such
requests; streams are as in the table before.

${VARIANTS.map((variant) => `## ${NAMES[variant]}\n\n${texts[variant].table}`).join('\n\n')}

## Notes

${WHYS.map((why, index) => `${index + 1}. ${why}`).join('\n')}

## What raw spans lack

A process that converts its own spans stores two kinds of rows that raw spans over OTLP cannot provide:

- **Calls whose span never ends**: their rows are \`abandoned\` or \`aborted\`. A span that has not ended is not sent.
- **Tool calls that the SDK refuses** (versions 5 to 7: unknown tools, invalid arguments): they have no span. The process
  sees the model request the tool, no tool start, and the error in the next prompt. In the spans alone, that prompt looks
  like one after a tool that ran and failed, or one that contains an older conversation, and it may not be recorded at all.
  The run, its model calls and their cost are the same.

${oldMinorsSection(oldMinorRows)}

## Versions

${await versionTable()}
`
}

const MAJORS = [4, 5, 6, 7] as const

async function versionTable(): Promise<string> {
  const versions = await Promise.all(MAJORS.map(async (major) => ({ ...(await packagesOf(major)) })))
  const names = [...new Set(versions.flatMap((packages) => Object.keys(packages)))].sort()
  return markdownTable(
    ['package', ...MAJORS.map((major) => `AI SDK ${major}`)],
    names.map((name) => [`\`${name}\``, ...versions.map((packages) => packages[name] ?? '–')]),
  )
}

const SHOWN = /^(ai|@ai-sdk\/.*|@openrouter\/.*)$/

async function packagesOf(major: (typeof MAJORS)[number]): Promise<Readonly<Record<string, string>>> {
  const files = [major === 7 ? '../../package.json' : `./ai-${major}/package.json`, `./providers-${major}/package.json`]
  const manifests = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as Manifest),
  )
  const all = manifests.flatMap(({ dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies }),
  )
  return Object.fromEntries(all.filter(([name]) => SHOWN.test(name)))
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** What a document says about a dialect, so that it can be told from what a run found. */
export function variantTextIn(document: string, variant: Variant): VariantText {
  const summary = document.split('\n\n').find((block) => block.includes('tokens unknown |')) ?? ''
  const counts = rowsOfMarkdownTable(summary).find(([name]) => name === NAMES[variant]) ?? []
  const after = document.split(`\n## ${NAMES[variant]}\n\n`)[1] ?? ''
  return { counts, table: after.split('\n\n')[0] ?? '' }
}
