const AGAIN = 'try again later'

// What `pg` says when it has no code for it.
const LOST = /^(?:Connection terminated|Client has encountered a connection error)/
const NO_CONNECTION = 'timeout exceeded when trying to connect'

// What passes: the same write can succeed later. By SQLSTATE or the name of a system error, whole or its class (the
// first two characters).
const PASSING: ReadonlyMap<string, string> = new Map([
  ['08', `the connection was lost; see whether the server is up, ${AGAIN}`],
  ['25006', `it takes no writes, as a standby does; name the primary server, or ${AGAIN}`],
  ['40', `other writers were in the way too often; ${AGAIN}`],
  ['53100', `its disk is full; make room, then ${AGAIN}`],
  ['53300', `it has no connection left; raise its max_connections or use fewer processes, or ${AGAIN}`],
  ['53', `it has run out of resources; ${AGAIN}`],
  ['55P03', `other writers hold a lock for too long; ${AGAIN}`],
  ['57014', `the statement took too long; ask for less, or ${AGAIN}`],
  ['57', `it is shutting down or starting; ${AGAIN}`],
  ['58', `the system under it failed; see its log, then ${AGAIN}`],
  ['ECONNREFUSED', `nothing listens there; start the server, or name another one, or ${AGAIN}`],
  ['ECONNRESET', `the connection was lost; see whether the server is up, ${AGAIN}`],
  ['EPIPE', `the connection was lost; see whether the server is up, ${AGAIN}`],
  [NO_CONNECTION, `it does not answer, or all connections of this process are in use; ${AGAIN}`],
  ['ETIMEDOUT', `it does not answer; see whether the server is up and can be reached, ${AGAIN}`],
  ['EHOSTUNREACH', `it cannot be reached; see to the network, then ${AGAIN}`],
  ['ENETUNREACH', `it cannot be reached; see to the network, then ${AGAIN}`],
  ['EAI_AGAIN', `its name cannot be looked up now; ${AGAIN}`],
  ['ENOTFOUND', `there is no server of this name; name another one, or ${AGAIN}`],
  ['ENOENT', `nothing listens there; start the server, or name another one, or ${AGAIN}`],
])

// What lasts until somebody changes it.
const LASTING: ReadonlyMap<string, string> = new Map([
  ['28', 'it refused the user or the password; mend the address'],
  ['3D000', 'there is no such database; create it, or name another one'],
  ['42501', 'this user has no right to do so; grant it the schema, or create the schema for it'],
  ['42P01', 'a table is missing; open it for writing once, or restore it'],
  ['3F000', 'there is no such schema; open it for writing once'],
])

/** The error with a sentence that says what is wrong with the database and how to mend it, where that is known. */
export function withPostgresSentence(error: unknown, name: string): Error {
  const code = codeOf(error) ?? codeOfMessage(messageOf(error))
  const sentence = sentenceFor(PASSING, code) ?? sentenceFor(LASTING, code)
  if (sentence !== undefined) return new Error(`Postgres at ${name}: ${sentence}`, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}

/** Whether the row is to blame, not the database: without this row the others can be written. */
export function isRowFault(error: unknown): boolean {
  // Values, constraints, limits of a row or an index, and what a trigger of somebody refuses.
  return ['22', '23', '54', 'P0'].includes((codeOf(error) ?? '').slice(0, 2))
}

/** Whether two writers met, and the transaction succeeds when it is run again. */
export function isConflict(error: unknown): boolean {
  return (codeOf(error) ?? '').startsWith('40')
}

/** Whether the connection cannot be used any more. */
export function isConnectionFault(error: unknown): boolean {
  return LOST.test(messageOf(error)) || /^(?:08|57P|E[A-Z_]{4})/.test(codeOf(error) ?? '')
}

/** Says that the transaction has to be run again, as the database itself would. */
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
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string') return code
  // All addresses of a name were tried.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
