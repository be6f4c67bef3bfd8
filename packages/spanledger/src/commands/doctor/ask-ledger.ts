/** What a Spanledger server answers about a trace. */
export type LedgerAnswer = 'stored' | 'absent' | 'not allowed' | 'no ledger'

const TIMEOUT_MS = 5_000

/** Asks a server whether it has a call of a trace. `url` is the server without `/api`. */
export async function askLedger(
  url: string,
  traceId: string,
  headers: Readonly<Record<string, string>>,
): Promise<LedgerAnswer> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/api/calls?trace=${traceId}&limit=1`, {
      headers: { ...headers, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status === 401 || response.status === 403) return 'not allowed'
    if (!response.ok) return 'no ledger'
    const { data } = (await response.json()) as { data?: unknown } // it may be any server
    if (!Array.isArray(data)) return 'no ledger'
    return data.length > 0 ? 'stored' : 'absent'
  } catch {
    return 'no ledger'
  }
}

/** The authorization header for a token; empty without one. */
export function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}
