/** Refuses a number of rows that nobody can be given. */
export function checkLimit(limit: number, max: number, what: string): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new Error(`A page of ${limit} ${what} is not possible; ask for 1 to ${max}`)
  }
}
