import type { ProviderServer } from '../provider-server/index.ts'
import { loadProviders, type ProviderPackages } from './provider-packages.ts'
import type { ModelSort } from './scenario.ts'
import type { Major, Model, Provider } from './sdk.ts'

/** Providers whose packages lie in `providers-{major}`. `azure` is the chat API, `azure.responses` the other one. */
export type PackagedProviderName = (typeof PACKAGED_PROVIDERS)[number]

/** All of them; the first six bill in ways of their own, the others copy OpenAI. */
export const PACKAGED_PROVIDERS = [
  'bedrock',
  'vertex',
  'vertex.anthropic',
  'cohere',
  'gateway',
  'openrouter',
  'azure',
  'azure.responses',
  'mistral',
  'groq',
  'xai',
  'deepseek',
  'openai-compatible',
] as const

const MODEL_IDS: Readonly<Record<PackagedProviderName, Readonly<Partial<Record<ModelSort, string>>>>> = {
  bedrock: {
    chat: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    reasoning: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    embedding: 'amazon.titan-embed-text-v2:0',
    reranking: 'cohere.rerank-v3-5:0',
  },
  vertex: { chat: 'gemini-2.5-flash', reasoning: 'gemini-2.5-pro', embedding: 'text-embedding-005' },
  'vertex.anthropic': { chat: 'claude-haiku-4-5@20251001', reasoning: 'claude-sonnet-4-5@20250929' },
  cohere: {
    chat: 'command-a-03-2025',
    reasoning: 'command-a-reasoning-08-2025',
    embedding: 'embed-v4.0',
    reranking: 'rerank-v3.5',
  },
  gateway: {
    chat: 'openai/gpt-4.1-mini',
    reasoning: 'openai/gpt-5-mini',
    embedding: 'openai/text-embedding-3-small',
    reranking: 'cohere/rerank-v3.5',
  },
  openrouter: {
    chat: 'openai/gpt-4.1-mini',
    reasoning: 'openai/gpt-5-mini',
    embedding: 'openai/text-embedding-3-small',
  },
  azure: { chat: 'gpt-4.1-mini', reasoning: 'o4-mini', embedding: 'text-embedding-3-small' },
  'azure.responses': { chat: 'gpt-4.1-mini', reasoning: 'gpt-5-mini' },
  mistral: { chat: 'mistral-small-2506', reasoning: 'magistral-small-2507', embedding: 'mistral-embed' },
  groq: { chat: 'llama-3.3-70b-versatile', reasoning: 'openai/gpt-oss-20b' },
  xai: { chat: 'grok-4', reasoning: 'grok-4' },
  deepseek: { chat: 'deepseek-chat', reasoning: 'deepseek-reasoner' },
  'openai-compatible': { chat: 'llama-3.1-8b', reasoning: 'qwen3-8b', embedding: 'bge-small-en-v1.5' },
}

/** The providers that have a model of that sort. */
export function packagedWith(sort: ModelSort): readonly PackagedProviderName[] {
  return PACKAGED_PROVIDERS.filter((name) => MODEL_IDS[name][sort] !== undefined)
}

// Some packages are behind their provider: they cannot do this, or cannot read the answer.
const LACKS: readonly (readonly [name: PackagedProviderName, major: Major, scenarios: RegExp])[] = [
  ['gateway', 4, /./],
  ['openrouter', 4, /^embed/],
  ['cohere', 4, /reasoning/],
  ['mistral', 4, /reasoning/],
]

/** Whether the package of that major cannot run a scenario that its provider could answer. */
export function packageLacks(name: string, major: Major, scenario: string): boolean {
  return LACKS.some((lack) => lack[0] === name && lack[1] === major && lack[2].test(scenario))
}

// Google and AWS sign what they send with credentials that nobody here has and the server does not check.
const GOOGLE_ACCOUNT = {
  project: 'demo',
  location: 'us-central1',
  googleAuthOptions: { authClient: { getAccessToken: async () => ({ token: 'no-token' }) } },
}
const AWS_ACCOUNT = { region: 'us-east-1', accessKeyId: 'no-id', secretAccessKey: 'no-key' }

type Create = (packages: ProviderPackages, settings: { readonly baseURL: string; readonly apiKey: string }) => Provider

const CREATE: Readonly<Record<PackagedProviderName, Create>> = {
  bedrock: ({ createAmazonBedrock }, { baseURL }) => createAmazonBedrock({ baseURL, ...AWS_ACCOUNT }),
  vertex: ({ createVertex }, { baseURL }) => createVertex({ baseURL, ...GOOGLE_ACCOUNT }),
  'vertex.anthropic': ({ createVertexAnthropic }, { baseURL }) => createVertexAnthropic({ baseURL, ...GOOGLE_ACCOUNT }),
  cohere: ({ createCohere }, settings) => createCohere(settings),
  gateway: ({ createGateway, major }, settings) => {
    if (createGateway === undefined) throw new Error(`AI SDK ${major} has no gateway`)
    return createGateway(settings)
  },
  openrouter: ({ createOpenRouter }, settings) => createOpenRouter({ ...settings, compatibility: 'strict' }),
  // What the package itself puts behind `/openai` when it is given the name of a resource and no URL.
  azure: ({ createAzure, major }, { apiKey, baseURL }) =>
    createAzure({ apiKey, baseURL: `${baseURL}/${major === 4 ? 'deployments' : 'v1'}` }),
  'azure.responses': ({ createAzure, major }, { apiKey, baseURL }) =>
    createAzure({ apiKey, baseURL: major === 4 ? baseURL : `${baseURL}/v1` }),
  mistral: ({ createMistral }, settings) => createMistral(settings),
  groq: ({ createGroq }, settings) => createGroq(settings),
  xai: ({ createXai }, settings) => createXai(settings),
  deepseek: ({ createDeepSeek }, settings) => createDeepSeek(settings),
  'openai-compatible': ({ createOpenAICompatible }, settings) =>
    createOpenAICompatible({
      ...settings,
      name: 'openai-compatible',
      includeUsage: true,
      supportsStructuredOutputs: true,
    }),
}

/** The models of one provider, made by the real package of that major and talking to the provider server. */
export async function packagedModelsOf(
  major: Major,
  name: PackagedProviderName,
  server: ProviderServer,
): Promise<(sort?: ModelSort) => Model> {
  const baseURL = server.baseUrls[name === 'azure.responses' ? 'azure' : name] ?? ''
  const provider = CREATE[name](await loadProviders(major), { baseURL, apiKey: 'no-key' })
  return (sort = 'chat') => {
    const id = MODEL_IDS[name][sort]
    if (id === undefined) throw new Error(`${name} has no ${sort} model`)
    if (sort === 'embedding') return provider.textEmbeddingModel(id)
    if (sort === 'reranking') return provider.rerankingModel(id)
    if (name === 'azure') return provider.chat(id)
    if (name === 'azure.responses') return provider.responses(id)
    // OpenRouter names the charge to those who ask for it.
    return name === 'openrouter' ? provider(id, { usage: { include: true } }) : provider(id)
  }
}
