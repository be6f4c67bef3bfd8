import type { ProviderServer } from '../provider-server/index.ts'
import { PACKAGED_PROVIDERS, packagedModelsOf, type PackagedProviderName } from './packaged-providers.ts'
import type { ModelSort } from './scenario.ts'
import type { Model, Provider, Sdk } from './sdk.ts'

/** The provider APIs that scenarios talk to. */
export type ProviderName = CoreProviderName | PackagedProviderName

/** Those whose packages lie beside each `ai`. `openai` is the Responses API. */
export type CoreProviderName = 'openai' | 'openai.chat' | 'anthropic' | 'google'

const OPENAI_MODEL_IDS = {
  embedding: 'text-embedding-3-small',
  speech: 'gpt-4o-mini-tts',
  transcription: 'gpt-4o-mini-transcribe',
}

const MODEL_IDS: Readonly<Record<CoreProviderName, Readonly<Partial<Record<ModelSort, string>>>>> = {
  openai: { chat: 'gpt-4.1-mini', reasoning: 'gpt-5-mini', ...OPENAI_MODEL_IDS },
  'openai.chat': { chat: 'gpt-4.1-mini', reasoning: 'o4-mini', ...OPENAI_MODEL_IDS },
  anthropic: { chat: 'claude-haiku-4-5', reasoning: 'claude-sonnet-4-5' },
  google: { chat: 'gemini-2.5-flash', reasoning: 'gemini-2.5-pro', embedding: 'gemini-embedding-001' },
}

/** The models of one provider, made by the real provider package and talking to the provider server. */
export async function modelsOf(
  sdk: Sdk,
  name: ProviderName,
  server: ProviderServer,
): Promise<(sort?: ModelSort) => Model> {
  if (isPackaged(name)) return await packagedModelsOf(sdk.major, name, server)
  const provider = createProvider(sdk, name, server)
  return (sort = 'chat') => {
    const id = MODEL_IDS[name][sort]
    if (id === undefined) throw new Error(`${name} has no ${sort} model`)
    if (sort === 'embedding') return provider.textEmbeddingModel(id)
    if (sort === 'speech' || sort === 'transcription') return provider[sort](id)
    if (name === 'openai') return provider.responses(id)
    return name === 'openai.chat' ? provider.chat(id) : provider(id)
  }
}

function isPackaged(name: ProviderName): name is PackagedProviderName {
  return PACKAGED_PROVIDERS.some((packaged) => packaged === name)
}

function createProvider(sdk: Sdk, name: CoreProviderName, server: ProviderServer): Provider {
  const apiKey = 'no-key'
  if (name === 'anthropic') return sdk.createAnthropic({ apiKey, baseURL: server.anthropic })
  if (name === 'google') return sdk.createGoogleGenerativeAI({ apiKey, baseURL: server.google })
  // AI SDK 4 asks for the usage of chat streams only when strict, as its ready-made `openai` is.
  const strict = sdk.major === 4 ? { compatibility: 'strict' } : {}
  return sdk.createOpenAI({ apiKey, baseURL: server.openai, ...strict })
}
