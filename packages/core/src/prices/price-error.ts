/** Where something is in a JSON document: keys and indexes, outermost first. */
export type JsonPath = readonly (string | number)[]

/** An invalid price. The message consists of `path` and `problem`: where the fault is, and what it is. */
export class PriceError extends Error {
  override readonly name = 'PriceError'
  /** From the file inwards: `['prices', 0, 'per_mtok', 'input']`. Empty for the file itself. */
  readonly path: JsonPath
  /** What is wrong, and what would work: `1 is not a decimal; write it as a string such as "0.25"`. */
  readonly problem: string

  constructor(where: string, path: JsonPath, problem: string) {
    super(`${where}: ${problem}`)
    this.path = path
    this.problem = problem
  }
}

/** A path as a person reads it: `prices[0].per_mtok.input`. */
export function nameOfPath(path: JsonPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('')
}
