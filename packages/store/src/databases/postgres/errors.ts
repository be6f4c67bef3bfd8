import { errorCodeOf, isError, toError } from '@spanledger/core'

const AGAIN = 'try again later'

// Messages of `pg` for errors without a code.
const LOST = /^(?:Connection terminated|Client has encountered a connection error)/
const NO_CONNECTION = 'timeout exceeded when trying to connect'

// Transient errors: the same write can succeed later. Keys are a SQLSTATE, its class (the first two characters), or the
// code of a system error.
const TRANSIENT: ReadonlyMap<string, string> = new Map([
  ['08', `the connection was lost; check that the server is up, then ${AGAIN}`],
  ['25006', `it is read-only, as a standby is; use the primary server, or ${AGAIN}`],
  ['40', `it conflicted with other writers too often; ${AGAIN}`],
  ['53100', `its disk is full; free some space, then ${AGAIN}`],
  ['53300', `it has no free connection; raise its max_connections or run fewer processes, or ${AGAIN}`],
  ['53', `it has run out of resources; ${AGAIN}`],
  ['55P03', `other writers held a lock for too long; ${AGAIN}`],
  ['57014', `the statement took too long; ask for less, or ${AGAIN}`],
  ['57', `it is shutting down or starting up; ${AGAIN}`],
  ['58', `its operating system reported a failure; see the server's log, then ${AGAIN}`],
  ['ECONNREFUSED', `nothing is listening there; start the server, or use another one, or ${AGAIN}`],
  ['ECONNRESET', `the connection was lost; check that the server is up, then ${AGAIN}`],
  ['EPIPE', `the connection was lost; check that the server is up, then ${AGAIN}`],
  [NO_CONNECTION, `it does not answer, or all connections of this process are in use; ${AGAIN}`],
  ['ETIMEDOUT', `it does not answer; check that the server is up and reachable, then ${AGAIN}`],
  ['EHOSTUNREACH', `it cannot be reached; check the network, then ${AGAIN}`],
  ['ENETUNREACH', `it cannot be reached; check the network, then ${AGAIN}`],
  ['EAI_AGAIN', `its host name cannot be resolved now; ${AGAIN}`],
  ['ENOTFOUND', `its host name does not exist; use another one, or ${AGAIN}`],
  ['ENOENT', `nothing is listening there; start the server, or use another one, or ${AGAIN}`],
])

// Permanent errors: they last until the cause is fixed.
const PERMANENT: ReadonlyMap<string, string> = new Map([
  ['28', 'it rejected the user or the password; correct them in the URL'],
  ['3D000', 'this database does not exist; create it, or use another one'],
  ['42501', 'this user lacks the privilege; grant it access to the schema, or create the schema for it'],
  ['42P01', 'a table is missing; open it for writing once, or restore it'],
  ['3F000', 'this schema does not exist; open it for writing once'],
])

/** The error with a sentence that says what is wrong with the database and how to fix it, if known. */
export function withPostgresSentence(error: unknown, name: string): Error {
  const code = codeOf(error) ?? codeOfMessage(messageOf(error))
  const sentence = sentenceFor(TRANSIENT, code) ?? sentenceFor(PERMANENT, code)
  if (sentence !== undefined) return new Error(`Postgres at ${name}: ${sentence}`, { cause: error })
  return toError(error)
}

/** Whether the row caused the error, not the database: without this row the others can be written. */
export function isRowFault(error: unknown): boolean {
  // Invalid values, constraints, limits of a row or an index, and errors that a custom trigger raises.
  return ['22', '23', '54', 'P0'].includes((codeOf(error) ?? '').slice(0, 2))
}

/** Whether two writers conflicted, so the transaction can succeed when it is run again. */
export function isConflict(error: unknown): boolean {
  return (codeOf(error) ?? '').startsWith('40')
}

/** Whether the connection is no longer usable. */
export function isConnectionFault(error: unknown): boolean {
  return LOST.test(messageOf(error)) || /^(?:08|57P|E[A-Z_]{4})/.test(codeOf(error) ?? '')
}

/** Makes the transaction run again, like a serialization failure of the database. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError'
  readonly code = '40001'
}

function sentenceFor(sentences: ReadonlyMap<string, string>, code: string): string | undefined {
  return sentences.get(code) ?? sentences.get(code.slice(0, 2))
}

function codeOfMessage(message: string): string {
  if (message === NO_CONNECTION) return message
  return LOST.test(message) ? '08' : ''
}

function codeOf(error: unknown): string | undefined {
  const code = errorCodeOf(error)
  if (code !== undefined) return code
  // Raised after every address of a host name failed.
  return isError(error) && 'errors' in error && Array.isArray(error.errors) ? codeOf(error.errors[0]) : undefined
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : ''
}
