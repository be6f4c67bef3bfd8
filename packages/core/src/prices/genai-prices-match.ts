import { isObject } from '../json/attribute-values.ts'

/** Ids of a model, in lower case: exact ones, and ones that a date or other snapshot suffix may follow. */
export interface ModelIds {
  readonly exact: readonly string[]
  readonly dated: readonly string[]
}

interface SourceMatch {
  readonly provider: string
  readonly model: string
  readonly match: unknown
  readonly notes: string[]
}

// Ids that the source reaches only through a prefix that also matches models with other prices.
const MORE_IDS: Readonly<Record<string, Partial<ModelIds>>> = {
  'anthropic/claude-2': { exact: ['claude-2.0', 'claude-2.1'] },
  'anthropic/claude-sonnet-4-5': { dated: ['claude-4-5-sonnet', 'claude-4.5-sonnet'] },
  'anthropic/claude-sonnet-4-6': { dated: ['claude-4-6-sonnet', 'claude-4.6-sonnet'] },
  'gcp.gemini/gemini-2.0-flash': { dated: ['gemini-2.0-flash-thinking'] },
  'gcp.gemini/gemini-3.1-pro-preview': { exact: ['gemini-3.1-pro-preview-customtools'] },
  'gcp.gemini/gemini-flash-1.5-8b': { dated: ['gemini-1.5-flash-8b'] },
  'gcp.gemini/gemini-live-2.5-flash': {
    dated: ['gemini-live-2.5-flash-native-audio', 'gemini-live-2.5-flash-preview-native-audio'],
  },
  'mistral_ai/mixtral-8x7b': { exact: ['mixtral-8x7b-instruct', 'mixtral-8x7b-instruct-v0.1'] },
}

const REGION = /^(?:us|eu|apac|jp|au|ca|sa|me|af|in|us-gov)\./
const SNAPSHOT = /^-(?:latest|preview|exp|\d{3,8}|\d{4}-\d{2}-\d{2})$/

/**
 * The ids behind a match of the source. Prefixes and substrings become ids that only a snapshot suffix may follow, so
 * that `starts_with claude-sonnet-5` does not price `claude-sonnet-5-5`, and `contains titan-embed-text` does not price
 * version 2.
 */
export function idsOfMatch(source: SourceMatch): ModelIds {
  const exact = new Set<string>()
  const dated = new Set<string>()
  const more = MORE_IDS[`${source.provider}/${source.model}`]
  const scope = scopeOf(source)
  const add = (set: Set<string>, id: string): void => {
    set.add(scope === 'regional' ? `regional.${id.replace(REGION, '')}` : id)
  }
  const walk = (match: unknown): void => {
    if (!isObject(match)) throw new Error(`${source.provider}/${source.model}: a match must be an object`)
    for (const [logic, operand] of Object.entries(match)) {
      if (Array.isArray(operand)) operand.forEach(walk)
      else if (typeof operand !== 'string')
        throw new Error(`${source.provider}/${source.model}: unknown match ${logic}`)
      else if (logic === 'equals') add(exact, operand.toLowerCase())
      else if (logic === 'regex') addRegex(operand)
      else for (const id of idsOfLoose(operand.toLowerCase(), source.model)) add(id.isDated ? dated : exact, id.id)
    }
  }
  const addRegex = (regex: string): void => {
    const found = idOfRegex(regex)
    if (found !== undefined) add(found.isDated ? dated : exact, found.id)
    else if (!regex.startsWith('^(?!')) source.notes.push(`${source.provider}/${source.model}: regex ${regex} left out`)
  }
  walk(source.match)
  for (const id of more?.exact ?? []) add(exact, id)
  for (const id of more?.dated ?? []) add(dated, id)
  return { exact: [...exact], dated: [...dated] }
}

interface FoundId {
  readonly id: string
  readonly isDated: boolean
}

// A prefix or substring, and the model it stands for: `amazon.nova-lite` for `amazon.nova-lite-v1:0`.
function idsOfLoose(text: string, model: string): readonly FoundId[] {
  // Patterns that end inside a snapshot date: `claude-sonnet-4-2025`, `claude-opus-5@`, `gemini-2.0-flash-0`.
  const isCutInDate = /^(?:gemini|ft:)/.test(text) && text.endsWith('-0')
  const stem = isCutInDate ? text.slice(0, -2) : text.replace(/(?:-20\d\d-?|[-@])$/, '')
  const own = model
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^(?:regional|global)\./, '')
  const plain = stem.replace(/^global\./, '').replace(REGION, '')
  const at = own.indexOf(plain)
  if (at === -1) return [{ id: stem, isDated: true }]
  const full = own.slice(0, at + plain.length)
  const rest = own.slice(at + plain.length)
  const prefix = stem.slice(0, stem.length - plain.length)
  // A version after a name (`-v1`) distinguishes it from its successors; after another version (`4-6` and `-v1`) it
  // does not.
  const isOwnVersion = /^-v\d+$/.test(rest) && !/\d$/.test(plain)
  if (isOwnVersion) return [{ id: `${prefix}${own}`, isDated: false }]
  if (rest !== '' && !SNAPSHOT.test(rest) && !/^-v\d+$/.test(rest) && !/^-\d{8}-v\d+$/.test(rest))
    return [{ id: stem, isDated: true }]
  return [...new Set([stem, `${prefix}${full}`])].map((id) => ({ id, isDated: true }))
}

// `^gpt-6-sol-\d{4}-\d{2}-\d{2}$` and `^composer-2\.5\[fast=true\]$`; other expressions are not supported.
function idOfRegex(regex: string): FoundId | undefined {
  const date = /(?:-\\d\{8\}\$|-\\d\{4\}-\\d\{2\}-\\d\{2\}\$|-\\d)$/
  const isDated = date.test(regex)
  const literal = regex.replace(date, '').replace(/^\^/, '').replace(/\$$/, '')
  const id = literal.replaceAll(/\\([.[\]])/g, '$1')
  return /[\\*+?(){}|^$]/.test(id) || !regex.startsWith('^') ? undefined : { id: id.toLowerCase(), isDated }
}

// Bedrock's `regional.…` entries match ids with a region and bare ids, unless they name no region at all.
function scopeOf({ model, match }: SourceMatch): 'regional' | undefined {
  return model.startsWith('regional.') && /"(?:us|eu)\./.test(JSON.stringify(match)) ? 'regional' : undefined
}
