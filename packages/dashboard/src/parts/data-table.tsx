import type { ComponentChildren, JSX } from 'preact'

/** A column of a table. */
export interface Column<Row> {
  readonly name: string
  readonly label: string
  readonly cell: (row: Row) => ComponentChildren
  readonly isNumber?: boolean
  /** 1 is always there; 2, 3 and 4 give way on narrow screens, 4 first. */
  readonly priority?: 1 | 2 | 3 | 4
  /** Takes the room that the other columns leave, and cuts what it holds; its number is its share among such columns. */
  readonly share?: 1 | 2
  /** What the server sorts by, where it can. */
  readonly sort?: string
}

/** Which way a table is sorted. */
export interface Sorting {
  readonly by: string
  readonly order: 'asc' | 'desc'
  readonly onSort: (by: string, order: 'asc' | 'desc') => void
}

interface DataTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** What j, k and Enter open. */
  readonly hrefOf?: (row: Row) => string
  readonly sorting?: Sorting
  readonly rowClass?: (row: Row) => string
}

/** Rows under named columns. It scrolls sideways by itself where there is no room. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { caption, columns, rows, rowKey, hrefOf, sorting, rowClass } = props
  return (
    <div class="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.name} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} class={rowClass?.(row)} data-href={hrefOf?.(row)}>
              {columns.map((column, index) => (
                <td key={column.name} class={cellClass(column)}>
                  {index === 0 && hrefOf !== undefined ? (
                    <a class="row-link" href={hrefOf(row)}>
                      {column.cell(row)}
                    </a>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeadCell<Row>({
  column,
  sorting,
}: {
  readonly column: Column<Row>
  readonly sorting: Sorting | undefined
}): JSX.Element {
  const { sort } = column
  if (sort === undefined || sorting === undefined) {
    return (
      <th scope="col" class={cellClass(column)}>
        {column.label}
      </th>
    )
  }
  const isSorted = sorting.by === sort
  const next = isSorted && sorting.order === 'desc' ? 'asc' : 'desc'
  const direction = sorting.order === 'asc' ? 'ascending' : 'descending'
  return (
    <th scope="col" class={cellClass(column)} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" class="sort" onClick={() => sorting.onSort(sort, next)}>
        {column.label}
        <span aria-hidden="true" class="sort-arrow">
          {isSorted ? (sorting.order === 'asc' ? '↑' : '↓') : ''}
        </span>
      </button>
    </th>
  )
}

function cellClass<Row>({ isNumber, priority = 1, share }: Column<Row>): string {
  return `${isNumber === true ? 'number ' : ''}${share === undefined ? '' : `share-${share} `}priority-${priority}`
}
