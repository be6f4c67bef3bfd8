import type { TokenPattern } from './redaction-patterns.ts'

/** All prefixes as one tree: following a text through it costs the same however many patterns there are. */
export interface PrefixIndex {
  /** The child of each node for each ASCII character, at `node * 128 + character`; 0 where there is none. */
  readonly children: Uint16Array
  /** The patterns whose prefix ends at each node. */
  readonly patterns: readonly (readonly TokenPattern[])[]
}

export function indexPrefixes(patterns: readonly TokenPattern[]): PrefixIndex {
  const characters = patterns.reduce((sum, { prefix }) => sum + prefix.length, 0)
  const children = new Uint16Array((characters + 1) * 128)
  const patternsByNode: TokenPattern[][] = [[]]
  for (const pattern of patterns) {
    let node = 0
    for (const character of pattern.prefix) {
      const slot = node * 128 + character.charCodeAt(0)
      if (children[slot] === 0) children[slot] = patternsByNode.push([]) - 1
      node = children[slot] ?? 0
    }
    patternsByNode[node]?.push(pattern)
  }
  return { children: children.slice(0, patternsByNode.length * 128), patterns: patternsByNode }
}
