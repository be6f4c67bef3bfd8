/**
 * Whether this is an error, also of another realm: under Jest and in `node:vm`, errors of `node:fs` are no instance of
 * the `Error` that this module sees. Reads no property of the value, except on Node 22.
 */
export function isError(value: unknown): value is Error {
  // oxlint-disable-next-line unicorn/no-instanceof-builtins -- the quick answer, for almost every error
  return value instanceof Error || isForeignError(value)
}

// Node 22 does not have `Error.isError`.
const isForeignError: (value: unknown) => boolean =
  (Error as { isError?: (value: unknown) => boolean }).isError ??
  ((value) => typeof value === 'object' && value !== null && TAG.call(value) === '[object Error]')

const TAG = Object.prototype.toString

/** The error itself, or an error about whatever else was thrown. */
export function toError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown))
}

/** The message of whatever was thrown. */
export function errorMessageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : String(thrown)
}

/** What the error has as its `code`: a word such as `ENOENT`, the SQLSTATE of Postgres, or undefined. */
export function errorCodeOf(thrown: unknown): string | undefined {
  return isError(thrown) && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}
