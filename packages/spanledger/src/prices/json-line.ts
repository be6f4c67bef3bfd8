import { createRequire } from 'node:module'
import type { PriceError } from '@spanledger/core'
import type { Node, ParseError, ParseOptions } from 'jsonc-parser'

type JsonPath = PriceError['path']

const STRICT: ParseOptions = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

/**
 * The line, from 1, on which the value at `path` begins, or what is around it where `path` leads nowhere. Undefined where
 * no line can be told: the parser was left behind by a bundler, or the text is nested too deeply for it.
 */
export function lineOfJson(text: string, path: JsonPath): number | undefined {
  return lineAt(text, ({ root }) => nodeAt(root, path)?.offset)
}

/** The line, from 1, on which a text stops being JSON. Undefined where no line can be told. */
export function lineOfJsonError(text: string): number | undefined {
  return lineAt(text, ({ errors }) => errors[0]?.offset)
}

interface Parsed {
  readonly root: Node | undefined
  readonly errors: readonly ParseError[]
}

function lineAt(text: string, offsetOf: (parsed: Parsed) => number | undefined): number | undefined {
  try {
    const { parseTree } = loadParser()
    const errors: ParseError[] = []
    const root = parseTree(text, errors, STRICT)
    return text.slice(0, offsetOf({ root, errors }) ?? 0).split(/\r\n|\r|\n/).length
  } catch {
    // A sentence about a price is worth more than its line: nothing that happens here may replace it.
    return undefined
  }
}

// A bundler that follows the parser's `main` takes half of it, and the application would end where it starts. So it is
// loaded when there is an error to report, in a way that bundlers leave alone.
function loadParser(): typeof import('jsonc-parser') {
  return createRequire(import.meta.url)('jsonc-parser') as typeof import('jsonc-parser') // the package of that name
}

// Of a key that appears twice the last one counts, as in `JSON.parse`.
function nodeAt(root: Node | undefined, path: JsonPath): Node | undefined {
  let node = root
  for (const part of path) {
    const next =
      typeof part === 'number'
        ? node?.children?.[part]
        : node?.children?.findLast(({ children }) => children?.[0]?.value === part)?.children?.[1]
    if (next === undefined) return node
    node = next
  }
  return node
}
