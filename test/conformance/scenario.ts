import type { ProviderServer, Scenario as ProviderAnswer } from '../provider-server/index.ts'
import type { Dialect } from './dialect.ts'
import { PACKAGED_PROVIDERS, packagedWith } from './packaged-providers.ts'
import type { CoreProviderName, ProviderName } from './providers.ts'
import type { Major, Model, Options, Sdk } from './sdk.ts'
import type { CallTelemetry, Variant } from './variants.ts'

/** One use of the AI SDK, the same in every major. */
export interface Scenario {
  readonly name: string
  readonly providers: readonly ProviderName[]
  readonly majors: readonly Major[]
  /** What the provider server answers to every attempt. Default: an ordinary answer that fits the request. */
  readonly answer?: ProviderAnswer
  /** True where some major throws; what it throws is then part of the result. Otherwise a throw is a broken test. */
  readonly mayThrow?: boolean
  readonly run: (context: ScenarioContext) => Promise<unknown>
}

/** What a scenario works with. */
export interface ScenarioContext extends Dialect {
  readonly sdk: Sdk
  readonly variant: Variant
  readonly provider: ProviderName
  readonly server: ProviderServer
  /** The provider's model of that sort. Default `chat`. */
  readonly model: (sort?: ModelSort) => Model
  /** Telemetry, with functionId `{scenario}` and a user, a session and tags as metadata; spread it into each call. */
  readonly telemetry: (call?: CallTelemetry) => Options
}

/** What a model is for. */
export type ModelSort = 'chat' | 'reasoning' | 'embedding' | 'reranking' | 'speech' | 'transcription'

/** Every major. */
export const ALL_MAJORS: readonly Major[] = [4, 5, 6, 7]

/** Providers whose packages lie beside each `ai`. */
export const CORE_PROVIDERS: readonly CoreProviderName[] = ['openai', 'openai.chat', 'anthropic', 'google']

/** Every provider. */
export const ALL_PROVIDERS: readonly ProviderName[] = [...CORE_PROVIDERS, ...PACKAGED_PROVIDERS]

/** Providers with an embedding model. */
export const EMBEDDING_PROVIDERS: readonly ProviderName[] = ['openai', 'google', ...packagedWith('embedding')]

/** Providers with a reranking model. */
export const RERANKING_PROVIDERS: readonly ProviderName[] = packagedWith('reranking')
