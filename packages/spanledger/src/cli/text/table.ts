import Table from 'cli-table3'
import { printable } from './printable.ts'

/** A column of a table for people. */
export interface TableColumn<Row> {
  readonly title: string
  /** `right` for numbers. */
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string
  /** In a narrow terminal the highest is dropped first; a column without one stays. */
  readonly dropOrder?: number
  /** Longer text is cut; 48 by default. */
  readonly maxLength?: number
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

/** Renders rows as a table that fits the terminal; drops the least important columns if it must. */
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

/** One line each for the titles, the rows and the total. The first column shrinks by `tooWide`. */
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
    colWidths: tooWide > 0 ? [Math.max(MIN_COLUMN_WIDTH, firstColumnWidth(cells, columns) - tooWide)] : [],
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
