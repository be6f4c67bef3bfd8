import Table from 'cli-table3'
import { printable } from './printable.ts'

/** A column of a table for people. */
export interface TableColumn<Row> {
  readonly title: string
  /** `right` for numbers. */
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string
  /** The same value in fewer characters, for a narrow terminal. */
  readonly shortCell?: (row: Row) => string
  /** In a narrow terminal the highest is dropped first; a column without one stays. */
  readonly dropOrder?: number
  /** Longer text is cut; 48 by default. */
  readonly maxLength?: number
  /** In a narrow terminal text is cut down to this length before any column is dropped. */
  readonly minLength?: number
}

export interface TableOptions<Row> {
  /** Columns of the terminal; no limit by default. */
  readonly width?: number | undefined
  /** A last row, below a rule. */
  readonly total?: Row | undefined
  readonly heading?: (text: string) => string
}

/** A table as text, and the titles of the columns that did not fit. */
export interface RenderedTable {
  readonly text: string
  readonly leftOut: readonly string[]
}

const MAX_LENGTH = 48
const MIN_COLUMN_WIDTH = 8
const BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/**
 * Renders rows as a table that fits the terminal. If it must, it uses short cells, then cuts texts, then drops the least
 * important columns.
 */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  options: TableOptions<Row> = {},
): RenderedTable {
  const width = options.width ?? Number.POSITIVE_INFINITY
  const leftOut: TableColumn<Row>[] = []
  let kept = columns
  let shown = columns
  let lines = layOut(rows, shown, options)
  if (widthOf(lines) > width) kept = columns.map((column) => ({ ...column, cell: column.shortCell ?? column.cell }))
  while (widthOf(lines) > width) {
    shown = cutTexts(rows, kept, { ...options, width })
    lines = layOut(rows, shown, options)
    const next = widthOf(lines) > width ? leastImportant(kept) : undefined
    if (next === undefined) break
    leftOut.push(next)
    kept = kept.filter((column) => column !== next)
  }
  if (widthOf(lines) > width) lines = layOut(rows, shown, options, widthOf(lines) - width)
  return { text: linesWithRules(lines, options), leftOut: leftOut.map(({ title }) => title) }
}

/** Cuts the texts of the widest columns until the table fits, or until no column may be cut further. */
function cutTexts<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  options: TableOptions<Row> & { readonly width: number },
): readonly TableColumn<Row>[] {
  const widths = columns.map((column) => columnWidth(textsOf(rows, column, options)))
  const least = columns.map(({ minLength }, index) => minLength ?? widths[index] ?? 0)
  let tooWide = widthOf(layOut(rows, columns, options)) - options.width
  while (tooWide > 0) {
    const spare = widths.map((width, index) => width - (least[index] ?? 0))
    const most = Math.max(...spare)
    if (most <= 0) break
    const widest = spare.indexOf(most)
    const cut = Math.min(tooWide, most)
    widths[widest] = (widths[widest] ?? 0) - cut
    tooWide -= cut
  }
  return columns.map((column, index) =>
    column.minLength === undefined ? column : { ...column, maxLength: widths[index] ?? 0 },
  )
}

function leastImportant<Row>(columns: readonly TableColumn<Row>[]): TableColumn<Row> | undefined {
  const droppable = columns.filter(({ dropOrder }) => dropOrder !== undefined)
  return droppable.reduce<TableColumn<Row> | undefined>(
    (least, column) => (least === undefined || (column.dropOrder ?? 0) > (least.dropOrder ?? 0) ? column : least),
    undefined,
  )
}

/** One line each for the titles, the rows and the total. The first column shrinks by `tooWide`. */
function layOut<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  options: TableOptions<Row>,
  tooWide = 0,
): string[] {
  const [first, ...rest] = columns.map((column) => textsOf(rows, column, options))
  const firstWidth = tooWide > 0 ? [Math.max(MIN_COLUMN_WIDTH, columnWidth(first ?? []) - tooWide)] : []
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: firstWidth,
    chars: BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  })
  const [, ...cells] = first ?? []
  table.push(...cells.map((cell, index) => [cell, ...rest.map((texts) => texts[index + 1] ?? '')]))
  return table.toString().split('\n')
}

/** The title of a column and its cells, the total last. */
function textsOf<Row>(
  rows: readonly Row[],
  { title, cell, maxLength = MAX_LENGTH }: TableColumn<Row>,
  { total }: TableOptions<Row>,
): string[] {
  const all = total === undefined ? rows : [...rows, total]
  return [title, ...all.map((row) => printable(cell(row), maxLength))]
}

function columnWidth(texts: readonly string[]): number {
  const only = new Table({ chars: BORDERS, style: { 'padding-left': 0, 'padding-right': 0 } })
  only.push(...texts.map((text) => [text]))
  return only.width
}

// Titles are plain letters, so the length of their line is the width of the table, whatever script the rows use.
function widthOf(lines: readonly string[]): number {
  return lines[0]?.length ?? 0
}

function linesWithRules<Row>(lines: readonly string[], { total, heading }: TableOptions<Row>): string {
  const rule = '─'.repeat(widthOf(lines))
  const [titles = '', ...rows] = lines.map((line) => line.trimEnd())
  const last = total === undefined ? [] : [rule, rows.at(-1) ?? '']
  const body = total === undefined ? rows : rows.slice(0, -1)
  return `${[heading?.(titles) ?? titles, rule, ...body, ...last].join('\n')}\n`
}
