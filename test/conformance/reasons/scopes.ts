import type { ProviderName } from '../providers.ts'
import type { Mode } from '../undecidable.ts'
import type { Variant } from '../variants.ts'

// The dialects, modes and providers that reasons are about.
export const OF_4: readonly Variant[] = ['4', '4-register']
export const OF_5: readonly Variant[] = ['5', '5-register']
export const OF_6: readonly Variant[] = ['6', '6-register']
export const ALL_OF_7: readonly Variant[] = ['7-legacy', '7', '7-register', '7-optin']
export const WITH_METADATA: readonly Variant[] = ['7-legacy', '7-register', '7-optin']
export const GENERATE: readonly Mode[] = ['generate', 'object']
export const ANSWERS: readonly Mode[] = ['generate', 'stream', 'object', 'stream object']
export const TIERED: readonly ProviderName[] = [
  'openai',
  'openai.chat',
  'azure',
  'azure.responses',
  'anthropic',
  'google',
  'vertex',
  'bedrock',
]
export const CLAUDES: readonly ProviderName[] = ['anthropic', 'vertex.anthropic', 'bedrock']
