/** A Markdown table as formatters write it: first column to the left, the others centred, all padded. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)))
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `:${'-'.repeat(width - 2)}:`))
  const [head = '', ...body] = all.map((row) =>
    line(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : centred(cell, widths[column] ?? 0)))),
  )
  return [head, line(rule), ...body].join('\n')
}

/** The cells of every line of a Markdown table below its header. */
export function rowsOfMarkdownTable(table: string): readonly (readonly string[])[] {
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function centred(cell: string, width: number): string {
  const left = Math.floor((width - cell.length) / 2)
  return `${' '.repeat(left)}${cell}`.padEnd(width)
}
