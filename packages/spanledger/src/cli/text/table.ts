import Table from 'cli-table3'
import { printable } from './printable.ts'

/** A column of a table for people. */
export interface TableColumn<Row> {
  readonly title: string
  /** Numbers stand at the right. */
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string
  /** In a narrow terminal the highest goes first; a column without stays. */
  readonly dropOrder?: number
  /** Longer texts are cut; 48 by default. */
  readonly maxLength?: number
}

export interface TableOptions<Row> {
  /** Columns of the terminal; as wide as needed if not given. */
  readonly width?: number | undefined
  /** A last row, under a line of its own. */
  readonly total?: Row | undefined
  readonly heading?: (text: string) => string
}

/** A table as text, and the titles of the columns that did not fit. */
export interface RenderedTable {
  readonly text: string
  readonly leftOut: readonly string[]
}

const NARROWEST_COLUMN = 8
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

/** Lays rows out as a table that fits the terminal, leaving out the columns that matter least. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  options: TableOptions<Row> = {},
): RenderedTable {
  const width = options.width ?? Number.POSITIVE_INFINITY
  const leftOut: TableColumn<Row>[] = []
  let shown = columns
  let lines = layOut(rows, shown, options)
  while (widthOf(lines) > width) {
    const next = leastImportant(shown)
    if (next === undefined) break
    leftOut.push(next)
    shown = shown.filter((column) => column !== next)
    lines = layOut(rows, shown, options)
  }
  if (widthOf(lines) > width) lines = layOut(rows, shown, options, widthOf(lines) - width)
  return { text: linesWithRules(lines, options), leftOut: leftOut.map(({ title }) => title) }
}

function leastImportant<Row>(columns: readonly TableColumn<Row>[]): TableColumn<Row> | undefined {
  const droppable = columns.filter(({ dropOrder }) => dropOrder !== undefined)
  return droppable.reduce<TableColumn<Row> | undefined>(
    (least, column) => (least === undefined || (column.dropOrder ?? 0) > (least.dropOrder ?? 0) ? column : least),
    undefined,
  )
}

/** One line each for the titles, the rows and the total. The first column gives up what is too wide. */
function layOut<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { total }: TableOptions<Row>,
  tooWide = 0,
): string[] {
  const all = total === undefined ? rows : [...rows, total]
  const cells = all.map((row) => columns.map(({ cell, maxLength }) => printable(cell(row), maxLength ?? 48)))
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: tooWide > 0 ? [Math.max(NARROWEST_COLUMN, firstColumnWidth(cells, columns) - tooWide)] : [],
    chars: BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  })
  table.push(...cells)
  return table.toString().split('\n')
}

function firstColumnWidth<Row>(cells: readonly (readonly string[])[], columns: readonly TableColumn<Row>[]): number {
  const only = new Table({ chars: BORDERS, style: { 'padding-left': 0, 'padding-right': 0 } })
  only.push([columns[0]?.title ?? ''], ...cells.map(([first]) => [first ?? '']))
  return only.width
}

// Titles are plain letters, so their line tells how wide the table is, whatever scripts the rows are in.
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
