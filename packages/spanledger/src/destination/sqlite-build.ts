const FIRST_BAD = [3, 7, 0]
const LAST_BAD = [3, 51, 2]
// Older branches with the fix.
const FIXED = [
  [3, 44, 6],
  [3, 50, 7],
]

/**
 * Whether an SQLite version has the WAL-reset bug: two connections that write at once can lose acknowledged commits. See
 * sqlite.org/wal.html, "the WAL reset bug".
 */
export function hasWalResetBug(version: string | undefined): boolean {
  if (version === undefined) return false
  const parts = version.split('.').map(Number)
  const isFixed = FIXED.some(
    ([major, minor, patch]) => parts[0] === major && parts[1] === minor && (parts[2] ?? 0) >= (patch ?? 0),
  )
  return !isFixed && compare(parts, FIRST_BAD) >= 0 && compare(parts, LAST_BAD) <= 0
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < right.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
