import type { SpanLike } from '@spanledger/core'
import { JSON_ATTRIBUTES, messageProblems } from './check-messages.ts'
import { CONVENTIONS, enumOf, type SpanType } from './conventions.ts'

/** Which name cache writes have. */
export type Profile = 'compatible' | 'latest'

const INTERNAL = 0
const CLIENT = 2
const STATUS_ERROR = 2

// Operations that the conventions have no name for. A custom value may be used; these are read as the type beside them.
const OWN_OPERATIONS: Readonly<Record<string, string>> = {
  agent_step: 'gen_ai.invoke_agent.internal',
  rerank: 'gen_ai.embeddings.client',
  decide: 'gen_ai.client.inference',
  generate_speech: 'gen_ai.client.inference',
  transcribe: 'gen_ai.client.inference',
}

// Providers without a well-known name, each with the one spelling that is ours.
const OWN_PROVIDERS = new Set(['gateway', 'openrouter', 'openai-compatible', 'example'])
// What the AI SDK says where the provider says nothing that is known.
const OWN_FINISH_REASONS = new Set(['other', 'unknown'])

const CACHE_WRITES: Readonly<Record<Profile, string>> = {
  compatible: 'gen_ai.usage.cache_creation.input_tokens',
  latest: 'gen_ai.usage.cache_write.input_tokens',
}
const COST = 'gen_ai.usage.cost'
// Every layer of a trace may carry these, so that one of them tells which conversation and agent it belongs to.
const EVERYWHERE = new Set(['gen_ai.agent.name', 'gen_ai.conversation.id'])
// Object functions answer with tokens that their operation has no attribute for in the conventions.
const CLIENT_ONLY = /^gen_ai\.(provider\.name|request\.model|response\.model|usage\.(cost|cache_.*|reasoning.*))$/

/** What is wrong with the spans of a cell, in both profiles. */
export function conventionProblems(cell: {
  readonly converted: readonly SpanLike[]
  readonly convertedLatest: readonly SpanLike[]
}): readonly string[] {
  return [
    ...cell.converted.flatMap((span) => spanProblems(span, 'compatible')),
    ...cell.convertedLatest.flatMap((span) => spanProblems(span, 'latest')),
  ]
}

/** What is wrong with a converted span by the GenAI conventions; nothing for a span that is no AI span. */
export function spanProblems(span: SpanLike, profile: Profile): readonly string[] {
  const operation = span.attributes['gen_ai.operation.name']
  if (operation === undefined) return []
  const type = typeof operation === 'string' ? spanTypeOf(operation) : undefined
  if (typeof operation !== 'string' || type === undefined) return [`unknown operation ${JSON.stringify(operation)}`]
  const problems = [
    ...nameProblems(span, operation),
    ...requirementProblems(span, type),
    ...Object.entries(span.attributes).flatMap(([key, value]) =>
      value === undefined ? [] : attributeProblems(key, value, { type, profile }),
    ),
  ]
  return problems.map((problem) => `${span.name}: ${problem}`)
}

function spanTypeOf(operation: string): SpanType | undefined {
  const own = OWN_OPERATIONS[operation]
  const named = CONVENTIONS.spans.filter(({ operation_names: names }) => names.includes(operation))
  // The AI SDK runs agents inside the application.
  const found = named.find(({ kind }) => kind === 'internal') ?? named[0]
  return found ?? CONVENTIONS.spans.find(({ type }) => type === own)
}

function nameProblems({ name, kind, attributes }: SpanLike, operation: string): readonly string[] {
  const isCall = !/^(invoke_agent|invoke_workflow|execute_tool|agent_step|plan)$/.test(operation)
  const subject = {
    invoke_agent: attributes['gen_ai.agent.name'],
    invoke_workflow: attributes['gen_ai.workflow.name'],
    execute_tool: attributes['gen_ai.tool.name'],
    agent_step: undefined,
  }[operation]
  const about = isCall ? attributes['gen_ai.request.model'] : subject
  const wanted = typeof about === 'string' ? `${operation} ${about}` : operation
  const wantedKind = isCall ? CLIENT : INTERNAL
  return [
    ...(name === wanted ? [] : [`the name should be "${wanted}"`]),
    ...(kind === wantedKind ? [] : [`the kind is ${kind}, not ${wantedKind}`]),
  ]
}

function requirementProblems(span: SpanLike, { attributes: wanted }: SpanType): readonly string[] {
  const { attributes, status } = span
  const listed = (key: string): boolean => wanted.some((attribute) => attribute.key === key)
  const has = (key: string): boolean => attributes[key] !== undefined
  const conditions: readonly (readonly [key: string, isMet: boolean])[] = [
    ['error.type', status.code === STATUS_ERROR],
    ['gen_ai.conversation.id', has('session.id')],
    ['gen_ai.request.model', has('gen_ai.response.model')],
    ['gen_ai.request.stream', has('gen_ai.response.time_to_first_chunk')],
    ['server.port', has('server.address')],
  ]
  return [
    ...wanted.flatMap(({ key, level }) => (level === 'required' && !has(key) ? [`${key} is required`] : [])),
    ...conditions.flatMap(([key, isMet]) => (isMet && listed(key) && !has(key) ? [`${key} is required here`] : [])),
    ...(has('error.type') && status.code !== STATUS_ERROR ? ['error.type on a span that is no error'] : []),
  ]
}

function attributeProblems(
  key: string,
  value: unknown,
  { type, profile }: { readonly type: SpanType; readonly profile: Profile },
): readonly string[] {
  if (key.startsWith('ai.')) return [`${key} is a name of the AI SDK`]
  if (!key.startsWith('gen_ai.')) return []
  if (type.kind === 'internal' && CLIENT_ONLY.test(key)) return [`${key} makes backends take it for a model call`]
  if (key === COST) return typeof value === 'number' && value >= 0 ? [] : [`${key} is ${String(value)}`]
  if (Object.values(CACHE_WRITES).includes(key)) {
    return key === CACHE_WRITES[profile] ? typeProblems(key, value, 'int') : [`${key} is of the other profile`]
  }
  const registered = CONVENTIONS.attributes[key]
  if (registered === undefined) return [`${key} is no attribute of the conventions`]
  const isListed = EVERYWHERE.has(key) || type.attributes.some((attribute) => attribute.key === key)
  return [
    ...(isListed ? [] : [`${key} is no attribute of ${type.type}`]),
    ...(JSON_ATTRIBUTES.includes(key) ? messageProblems(key, value) : typeProblems(key, value, registered.type)),
    ...valueProblems(key, value),
  ]
}

const IS_OF_TYPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && value !== '',
  'string(enum)': (value) => typeof value === 'string' && value !== '',
  int: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  double: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  'string[]': (value) => Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'),
  any: (value) => typeof value === 'string',
}

function typeProblems(key: string, value: unknown, type: string): readonly string[] {
  return IS_OF_TYPE[type]?.(value) === true ? [] : [`${key} is ${JSON.stringify(value)}, not ${type}`]
}

function valueProblems(key: string, value: unknown): readonly string[] {
  switch (key) {
    case 'gen_ai.provider.name':
      return enumOf(key).includes(String(value)) || OWN_PROVIDERS.has(String(value))
        ? []
        : [`${key} is ${String(value)}`]
    case 'gen_ai.output.type':
      return enumOf(key).includes(String(value)) ? [] : [`${key} is ${String(value)}`]
    // Only ever true; a request is not streamed unless it says so.
    case 'gen_ai.request.stream':
      return value === true ? [] : [`${key} is ${String(value)}`]
    case 'gen_ai.response.finish_reasons': {
      const known = new Set(enumOf('gen_ai.output.messages[].finish_reason / finish_reasons well-known'))
      const strange = (value as readonly string[]).filter(
        (reason) => !known.has(reason) && !OWN_FINISH_REASONS.has(reason),
      )
      return strange.map((reason) => `${key} has ${reason}`)
    }
    default:
      return []
  }
}
