import type { TokenAlphabet, TokenPattern } from './redaction-patterns.ts'

/** The shortest run of characters in which a credential is found. */
export const MIN_TOKEN_LENGTH = 20

/** The shortest visible part of a credential in a cut text. */
export const MIN_CUT_TOTAL = 16

// A cut credential must show its prefix and at least this much of its body.
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
 * Credentials without a prefix, matched from their first separator; the part before it is captured. Mailgun and
 * Mailchimp: 32 hex digits, `-`, more. Discord bots: user id, time and signature separated by dots.
 */
export const SHAPED_TOKEN = new RegExp(
  '-(?=[0-9a-f]{8}-|us\\d)(?<=\\b([0-9a-f]{32})-)(?:[0-9a-f]{8}-[0-9a-f]{8}|us\\d{1,2})\\b' +
    '|\\.(?=[\\w-]{6}\\.)(?<=\\b([MNO][\\w-]{22,27})\\.)[\\w-]{6}\\.[\\w-]{27,}',
  'g',
)

/** The shortest credential that `SHAPED_TOKEN` matches. */
export const MIN_SHAPED_LENGTH = 36

/** A node in the tree of prefixes. */
interface PrefixNode {
  readonly children: Map<string, PrefixNode>
  readonly patterns: TokenPattern[]
}

/**
 * One expression for all patterns. Prefixes form a tree, so at most one branch is tried at each position, and a body
 * cannot contain the start of another: each character is examined a few times at most.
 */
export function tokenExpression(patterns: readonly TokenPattern[]): RegExp {
  return new RegExp(`\\b${branch(treeOf(patterns), bodySource)}`, 'g')
}

/** The same for the end of a cut text, where the missing part cannot be required. */
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

/** Longer prefixes first: `sk-ant-…` is Anthropic's even though `sk-…` would match. */
function branch(node: PrefixNode, body: (pattern: TokenPattern) => string): string {
  const children = [...node.children].map(([character, child]) => escapeCharacter(character) + branch(child, body))
  const sources = [...children, ...node.patterns.map(body)]
  return sources.length === 1 ? sources.join('') : `(?:${sources.join('|')})`
}

function bodySource(pattern: TokenPattern): string {
  const { alphabet, minLength, maxLength } = pattern
  const characters = CLASSES[alphabet]
  // Only at the start of a word: a missing dot is detected once per word instead of once per `eyJ` in it.
  if (alphabet === 'jwt') return `${before(pattern, '\\w-')}[\\w-]{${minLength},}\\.[\\w.-]{10,}`
  const start = pattern.standalone === true ? before(pattern, '-') : ''
  // If more letters follow a narrow alphabet, it is part of a longer word.
  const end = alphabet === 'hex' || alphabet === 'upper' || maxLength !== undefined ? '(?![A-Za-z0-9])' : ''
  return `${start}${characters}{${minLength},${maxLength ?? ''}}${end}`
}

function cutBodySource(pattern: TokenPattern): string {
  const { alphabet, prefix } = pattern
  const start = pattern.standalone === true ? before(pattern, '-') : ''
  const minLength = Math.min(pattern.minLength, Math.max(MIN_CUT_LENGTH, MIN_CUT_TOTAL - prefix.length))
  return `${start}${CLASSES[alphabet]}{${minLength},${pattern.maxLength ?? ''}}`
}

/** A lookbehind placed after the prefix that checks the characters before it. */
function before({ prefix }: TokenPattern, characters: string): string {
  return `(?<![${characters}]${prefix.split('').map(escapeCharacter).join('')})`
}

function escapeCharacter(character: string): string {
  return /\w/.test(character) ? character : `\\${character}`
}
