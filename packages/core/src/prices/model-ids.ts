import { toProviderName } from '../vocabulary/provider-names.ts'

/** An id to look up in a provider's list. */
export interface ListedId {
  readonly provider: string
  readonly modelId: string
}

// Resellers of other providers' models, whose ids start with the provider.
const GATEWAYS = new Set(['gateway', 'openrouter', 'vercel'])

// Providers with two names for one price list.
const SAME_PRICES: ReadonlyMap<string, string> = new Map([
  ['azure.ai.inference', 'azure.ai.openai'],
  ['gcp.gen_ai', 'gcp.gemini'],
])

const REGION = /^(us|eu|apac|jp|au|ca|sa|me|af|in|us-gov|global)\./

/** The provider under which prices are listed. */
export function pricedProvider(provider: string): string {
  return SAME_PRICES.get(provider) ?? provider
}

/** Ids under which a model may be listed, best first, in lower case. */
export function listedIdsOf(provider: string, model: string): readonly ListedId[] {
  const id = model.trim().toLowerCase()
  const own = pricedProvider(provider)
  const ids = ownIdsOf(own, id).map((modelId) => ({ provider: own, modelId }))
  const slash = id.indexOf('/')
  if (slash <= 0) return ids
  const maker = pricedProvider(toProviderName(id.slice(0, slash)))
  const rest = id.slice(slash + 1)
  const isOfMaker = GATEWAYS.has(own) ? !GATEWAYS.has(maker) : maker === own
  if (!isOfMaker) return ids
  return [...ids, ...ownIdsOf(maker, rest).map((modelId) => ({ provider: maker, modelId }))]
}

/** Ids by which a custom price may name a model: as reported, and without region, path and the like. */
export function customIdsOf(provider: string, model: string): readonly string[] {
  const id = model.trim().toLowerCase()
  const bare = provider === 'aws.bedrock' ? withoutRegion(bedrockIdOf(id)) : isGoogle(provider) ? googleIdOf(id) : id
  return bare === id ? [id] : [id, bare]
}

function ownIdsOf(provider: string, id: string): readonly string[] {
  if (provider === 'aws.bedrock') return bedrockIdsOf(id)
  if (isGoogle(provider)) return [googleIdOf(id)]
  return [fineTunedIdOf(id)]
}

// `us.` and similar ids have regional prices, and so do bare ids; `global.` has its own.
function bedrockIdsOf(id: string): readonly string[] {
  const full = bedrockIdOf(id)
  const bare = withoutRegion(full)
  return [`${full.startsWith('global.') ? 'global' : 'regional'}.${bare}`, bare]
}

// `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-…`
function bedrockIdOf(id: string): string {
  return id.startsWith('arn:') ? id.slice(id.lastIndexOf('/') + 1) : id
}

function withoutRegion(id: string): string {
  return id.replace(REGION, '')
}

function isGoogle(provider: string): boolean {
  return provider === 'gcp.gemini' || provider === 'gcp.vertex_ai'
}

// `models/gemini-2.5-pro`, `projects/…/publishers/google/models/gemini-2.5-pro`
function googleIdOf(id: string): string {
  const at = id.lastIndexOf('models/')
  return at === -1 || (at > 0 && id.charAt(at - 1) !== '/') ? id : id.slice(at + 'models/'.length)
}

// `ft:gpt-4o-2024-08-06:my-org::abc` costs the same as every fine-tuned model of its base; Azure writes `.ft-abc`.
function fineTunedIdOf(id: string): string {
  if (!id.startsWith('ft:')) return id.replace(/\.ft-[0-9a-f]+(?:-.*)?$/, '.ft')
  const end = id.indexOf(':', 3)
  return end === -1 ? id : id.slice(0, end)
}
