import { createRequire } from 'node:module'
import type { PriceError } from '@spanledger/core'
import type { Node, ParseError, ParseOptions } from 'jsonc-parser'

type JsonPath = PriceError['path']

const STRICT: ParseOptions = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

/**
 * The line, from 1, of the value at `path`, or of the closest value around it if there is none. Undefined if the line is
 * unknown: a bundler left the parser out, or the text is nested too deeply.
 */
export function lineOfJson(text: string, path: JsonPath): number | undefined {
  return lineAt(text, ({ root }) => nodeAt(root, path)?.offset)
}

/** The line, from 1, on which a text stops being JSON. Undefined if the line is unknown. */
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
    // The line is optional: a failure here must not replace the error about the price.
    return undefined
  }
}

// A bundler that follows the parser's `main` bundles only half of it, and the application would fail at start. So it is
// loaded only for an error, in a way that bundlers ignore.
function loadParser(): typeof import('jsonc-parser') {
  return createRequire(import.meta.url)('jsonc-parser') as typeof import('jsonc-parser') // the package of that name
}

// The last one of duplicate keys counts, as in `JSON.parse`.
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
