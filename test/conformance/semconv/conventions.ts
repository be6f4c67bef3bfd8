import { readFileSync } from 'node:fs'

/** How much an attribute of a span is wanted. */
export interface SpanAttribute {
  readonly key: string
  readonly level: 'required' | 'conditionally_required' | 'recommended' | 'opt_in'
}

/** One type of span in the conventions. */
export interface SpanType {
  readonly type: string
  readonly kind: 'client' | 'internal'
  readonly operation_names: readonly string[]
  readonly attributes: readonly SpanAttribute[]
}

/** A JSON schema, as far as it is taken apart here. */
export interface Schema {
  readonly [key: string]: unknown
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** The GenAI conventions; README.md says where they are from. */
export interface Conventions {
  readonly attributes: Readonly<Record<string, { readonly type: string }>>
  readonly spans: readonly SpanType[]
  readonly enums: Readonly<Record<string, unknown>>
  readonly message_json_schemas: Readonly<Record<string, Schema>>
}

export const CONVENTIONS = JSON.parse(
  readFileSync(new URL('semconv-genai.json', import.meta.url), 'utf8'),
) as Conventions // the file of this folder

/** The values that an enum names; there may be others where the conventions allow it. */
export function enumOf(name: string): readonly string[] {
  const values = CONVENTIONS.enums[name]
  if (!Array.isArray(values)) throw new Error(`The conventions have no enum ${name}`)
  return values as readonly string[]
}
