import { type AccessToken, hashToken, MIN_TOKEN_LENGTH, type Scope } from '@spanledger/server'
import { UsageError } from '../cli/error.ts'
import type { Environment } from '../settings.ts'

const SCOPES: readonly Scope[] = ['ingest', 'read', 'admin']

/**
 * The tokens of `--token`, `SPANLEDGER_TOKEN` (both with the scope admin) and `SPANLEDGER_TOKENS` (comma-separated
 * `scope:token` or `read@project:token`). Throws if a required token is missing, or if a token is too easy to guess.
 */
export function readAccessTokens(
  token: string | undefined,
  environment: Environment,
  isReachable: boolean,
): readonly AccessToken[] {
  const single = textOf(token) ?? textOf(environment['SPANLEDGER_TOKEN'])
  const several = textOf(environment['SPANLEDGER_TOKENS'])?.split(',') ?? []
  const tokens = [...(single === undefined ? [] : [accessToken(single, 'admin')]), ...several.map(parseToken)]
  if (isReachable && tokens.length === 0) {
    throw new UsageError(
      `An address that other machines can reach needs a token of at least ${MIN_TOKEN_LENGTH} characters: --token or SPANLEDGER_TOKEN`,
    )
  }
  return tokens
}

function parseToken(text: string): AccessToken {
  const [, scope, project, token] = /^\s*([a-z]+)(?:@([^:]+))?:(\S+)\s*$/.exec(text) ?? []
  const known = SCOPES.find((name) => name === scope)
  if (known === undefined || token === undefined || (project !== undefined && known !== 'read')) {
    // Not quoted: it contains a secret.
    throw new UsageError(
      'SPANLEDGER_TOKENS is invalid; use ingest:TOKEN, read:TOKEN, read@PROJECT:TOKEN or admin:TOKEN',
    )
  }
  return accessToken(token, known, project)
}

function accessToken(token: string, scope: Scope, project?: string): AccessToken {
  if (token.length < MIN_TOKEN_LENGTH || !/^[\w.~+/=-]+$/.test(token)) {
    throw new UsageError(
      `A token must have at least ${MIN_TOKEN_LENGTH} letters and digits; create one with "openssl rand -hex 32"`,
    )
  }
  return { hash: hashToken(token), scope, project }
}

function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}
