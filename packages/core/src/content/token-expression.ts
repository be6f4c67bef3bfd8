import type { TokenAlphabet, TokenPattern } from './redaction-patterns.ts'

/** No credential is found in a shorter row of its characters. */
export const MIN_TOKEN_LENGTH = 20

/** The shortest that can be left of one where a text was cut. */
export const MIN_CUT_TOTAL = 16

// A cut credential must at least show its prefix and this much of itself.
const MIN_CUT_LENGTH = 8

const CLASSES: Readonly<Record<TokenAlphabet, string>> = {
  base62: '[A-Za-z0-9]',
  hex: '[0-9a-f]',
  upper: '[A-Z0-9]',
  word: '[\\w-]',
  dotted: '[\\w.-]',
  path: '[\\w.+/~-]',
  jwt: '[\\w-]',
}

/**
 * Credentials without a prefix, from their first separator on; what stands before it is captured.
 * Mailgun and Mailchimp: 32 hex digits, `-`, more. Discord bots: user id, time and signature with dots in between.
 */
export const SHAPED_TOKEN = new RegExp(
  '-(?=[0-9a-f]{8}-|us\\d)(?<=\\b([0-9a-f]{32})-)(?:[0-9a-f]{8}-[0-9a-f]{8}|us\\d{1,2})\\b' +
    '|\\.(?=[\\w-]{6}\\.)(?<=\\b([MNO][\\w-]{22,27})\\.)[\\w-]{6}\\.[\\w-]{27,}',
  'g',
)

/** The shortest of them. */
export const MIN_SHAPED_LENGTH = 36

/** Patterns that share the start of their prefixes. */
interface PrefixNode {
  readonly children: Map<string, PrefixNode>
  readonly patterns: TokenPattern[]
}

/**
 * One expression for all patterns. The prefixes form a tree, so that at each place at most one branch is tried, and no
 * character of a body can start another body: no text takes more than a few looks at each of its characters.
 */
export function tokenExpression(patterns: readonly TokenPattern[]): RegExp {
  return new RegExp(`\\b${branch(treeOf(patterns), bodySource)}`, 'g')
}

/** The same for the end of a text that was cut: what is missing cannot be asked for. */
export function cutTokenExpression(patterns: readonly TokenPattern[]): RegExp {
  return new RegExp(`\\b${branch(treeOf(patterns), cutBodySource)}$`)
}

function treeOf(patterns: readonly TokenPattern[]): PrefixNode {
  const root: PrefixNode = { children: new Map(), patterns: [] }
  for (const pattern of patterns) {
    let node = root
    for (const character of pattern.prefix) {
      const child = node.children.get(character) ?? { children: new Map(), patterns: [] }
      node.children.set(character, child)
      node = child
    }
    node.patterns.push(pattern)
  }
  return root
}

/** Longer prefixes first: `sk-ant-…` is Anthropic's, whatever `sk-…` would match. */
function branch(node: PrefixNode, body: (pattern: TokenPattern) => string): string {
  const children = [...node.children].map(([character, child]) => escapeCharacter(character) + branch(child, body))
  const sources = [...children, ...node.patterns.map(body)]
  return sources.length === 1 ? sources.join('') : `(?:${sources.join('|')})`
}

function bodySource(pattern: TokenPattern): string {
  const { alphabet, minLength, maxLength } = pattern
  const characters = CLASSES[alphabet]
  // A JWT is looked for at the start of a word only: a dot is missed once per word, not once per `eyJ` in it.
  if (alphabet === 'jwt') return `${before(pattern, '\\w-')}[\\w-]{${minLength},}\\.[\\w.-]{10,}`
  const start = pattern.standalone === true ? before(pattern, '-') : ''
  // A narrow alphabet that is followed by more letters is a longer word of another kind.
  const end = alphabet === 'hex' || alphabet === 'upper' || maxLength !== undefined ? '(?![A-Za-z0-9])' : ''
  return `${start}${characters}{${minLength},${maxLength ?? ''}}${end}`
}

function cutBodySource(pattern: TokenPattern): string {
  const { alphabet, prefix } = pattern
  const start = pattern.standalone === true ? before(pattern, '-') : ''
  const minLength = Math.min(pattern.minLength, Math.max(MIN_CUT_LENGTH, MIN_CUT_TOTAL - prefix.length))
  return `${start}${CLASSES[alphabet]}{${minLength},${pattern.maxLength ?? ''}}`
}

/** Stands behind the prefix, and looks at what is before it. */
function before({ prefix }: TokenPattern, characters: string): string {
  return `(?<![${characters}]${prefix.split('').map(escapeCharacter).join('')})`
}

function escapeCharacter(character: string): string {
  return /\w/.test(character) ? character : `\\${character}`
}
