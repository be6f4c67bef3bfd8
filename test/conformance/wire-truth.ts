import { type Call, type CallKind, type Cost, createPriceBook } from '@spanledger/core'
import type { ProviderCall } from '../provider-server/index.ts'
import type { ProviderName } from './providers.ts'

/** What is compared between the wire and a row. */
export type Field = (typeof FIELDS)[number]

/** All of them, in the order in which they are told. */
export const FIELDS = [
  'input',
  'output',
  'cache read',
  'cache write',
  'cache write 5 min',
  'cache write 1 h',
  'reasoning',
  'service tier',
  'model',
  'provider',
  'cost',
] as const

/** Values by field; `null` is unknown. */
export type Bill = Readonly<Record<Field, number | string | null>>

/** What is billed for the attempts behind one row, as their answers say. */
export interface WireTruth {
  readonly bill: Bill
  /** Why the cost is an estimate even with everything known. */
  readonly costFlags: readonly string[]
}

// What a row must call each provider: the GenAI well-known name, where there is one.
const PROVIDERS_ON_ROWS: Readonly<Record<ProviderName, string>> = {
  openai: 'openai',
  'openai.chat': 'openai',
  anthropic: 'anthropic',
  google: 'gcp.gemini',
  bedrock: 'aws.bedrock',
  vertex: 'gcp.vertex_ai',
  'vertex.anthropic': 'gcp.vertex_ai',
  cohere: 'cohere',
  gateway: 'gateway',
  openrouter: 'openrouter',
  azure: 'azure.ai.openai',
  'azure.responses': 'azure.ai.openai',
  mistral: 'mistral_ai',
  groq: 'groq',
  xai: 'x_ai',
  deepseek: 'deepseek',
  'openai-compatible': 'openai-compatible',
}

const NANO = 1_000_000_000
const prices = createPriceBook()

/** The truth about an attempt, or about several that one row stands for; nothing when nothing of it was billed. */
export function truthOf(calls: readonly ProviderCall[], provider: ProviderName): WireTruth | undefined {
  const bills = calls.flatMap((call) => (call.billed === undefined ? [] : [billOfCall(call, provider)]))
  const [first, ...others] = bills
  if (first === undefined) return undefined
  return others.reduce((sum, other) => ({ ...sum, bill: { ...sum.bill, ...sumOf(sum.bill, other.bill) } }), first)
}

function billOfCall(call: ProviderCall, providerName: ProviderName): WireTruth {
  const billed = call.billed!
  const provider = PROVIDERS_ON_ROWS[providerName]
  const cost = costOf(call, provider)
  const writes = billed.cacheWriteTokens ?? 0
  return {
    costFlags: cost.flags,
    bill: {
      input: billed.inputTokens ?? null,
      output: billed.outputTokens ?? null,
      'cache read': billed.cacheReadTokens ?? null,
      'cache write': billed.cacheWriteTokens ?? null,
      'cache write 5 min': billed.cacheWrite1hTokens === undefined ? null : writes - billed.cacheWrite1hTokens,
      'cache write 1 h': billed.cacheWrite1hTokens ?? null,
      reasoning: billed.reasoningTokens ?? null,
      'service tier': billed.serviceTier ?? null,
      model: call.responseModel ?? call.requestModel,
      provider,
      cost: cost.costNanoUsd,
    },
  }
}

function sumOf(a: Bill, b: Bill): Pick<Bill, 'input' | 'cost'> {
  const add = (field: 'input' | 'cost'): number | null =>
    a[field] === null || b[field] === null ? null : Number(a[field]) + Number(b[field])
  return { input: add('input'), cost: add('cost') }
}

/** What a row says was billed. */
export function billOfRow(row: Call): Bill {
  const details = row.usage_details ?? {}
  return {
    input: row.input_tokens,
    output: row.output_tokens,
    'cache read': row.cache_read_tokens,
    'cache write': row.cache_write_tokens,
    'cache write 5 min': countIn(details['cacheWrite5mTokens']),
    'cache write 1 h': countIn(details['cacheWrite1hTokens']),
    reasoning: row.reasoning_tokens,
    'service tier': row.service_tier,
    model: row.model,
    provider: row.provider,
    cost: row.cost_nano_usd,
  }
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

const KINDS: Readonly<Partial<Record<ProviderCall['api'], CallKind>>> = {
  embeddings: 'embedding',
  rerank: 'rerank',
  speech: 'speech',
  transcriptions: 'transcription',
  images: 'image',
}

function costOf(call: ProviderCall, provider: string): Pick<Cost, 'costNanoUsd' | 'flags'> {
  const { billed } = call
  if (billed?.costUsd !== undefined) return { costNanoUsd: Math.round(billed.costUsd * NANO), flags: [] }
  return prices.costOf({
    provider,
    model: call.responseModel ?? call.requestModel,
    requestModel: call.requestModel,
    atMs: call.startedAt,
    kind: KINDS[call.api] ?? 'model',
    serviceTier: billed?.serviceTier,
    usage: {
      inputTokens: billed?.inputTokens,
      outputTokens: billed?.outputTokens,
      cacheReadTokens: billed?.cacheReadTokens,
      cacheWriteTokens: billed?.cacheWriteTokens,
      cacheWrite1hTokens: billed?.cacheWrite1hTokens,
      reasoningTokens: billed?.reasoningTokens,
    },
  })
}
