import { markdownTable, rowsOfMarkdownTable } from '../markdown-table.ts'
import { OLD_REASONS } from './reasons.ts'
import { OLD_MINORS } from './versions.ts'

/** The title of the section of `CONFORMANCE.md` about earlier versions. */
export const OLD_MINORS_TITLE = 'Old minors'

/** The first two cells of a row: which version was run, in which dialect. */
export const OLD_MINOR_NAMES: readonly (readonly [ai: string, variant: string])[] = OLD_MINORS.flatMap(
  ({ ai, variants }) => variants.map((variant) => [ai, variant] as const),
)

const HEADER = [
  'AI SDK',
  'dialect',
  'cells',
  'exact',
  'tokens exact, others inexact',
  'tokens unknown',
  'wrong',
  'not applicable',
  'notes',
]

/** What the document calls a reason: a letter, as the notes of the newest versions have numbers. */
export function letterOf(why: string): string {
  const index = OLD_REASONS.findIndex((reason) => reason.why === why)
  return String.fromCodePoint(0x61 + index)
}

/** The section about earlier versions, around the rows that a run found. */
export function oldMinorsSection(rows: readonly (readonly string[])[]): string {
  return `## ${OLD_MINORS_TITLE}

\`npm run conformance:all\` runs earlier versions of every major, with the packages of their time for OpenAI (Responses and
chat), Anthropic and Google. No number is wrong in any of them. Missing values are NULL and flagged; the notes of the newest
version and the letters below explain them. A cell that only the newest version has is not applicable.

${markdownTable(HEADER, rows)}

${OLD_REASONS.map(({ why }) => `- **${letterOf(why)}** ${why}`).join('\n')}`
}

/** The rows of the section in a document. */
export function oldMinorRowsIn(document: string): readonly (readonly string[])[] {
  const section = document.split(`\n## ${OLD_MINORS_TITLE}\n\n`)[1] ?? ''
  const table = section.split('\n\n').find((block) => block.startsWith('| AI SDK')) ?? ''
  return rowsOfMarkdownTable(table)
}
