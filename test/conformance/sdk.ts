import { readFile } from 'node:fs/promises'

/** The majors of the AI SDK that tests drive. */
export type Major = 4 | 5 | 6 | 7

/** Options of a call: each major has its own, so they are checked by running. */
export type Options = Readonly<Record<string, unknown>>

/** A model made by a provider package; only handed on. */
export type Model = object

/** The parts of a finished answer that scenarios look at. */
export interface TextAnswer {
  readonly text: string
  readonly finishReason: string
  readonly usage: Options
}

/** The parts of a streamed answer that scenarios look at. */
export interface StreamAnswer {
  readonly fullStream: AsyncIterable<{ readonly type: string }>
  readonly textStream: AsyncIterable<string>
}

/** The functions of the `ai` module that scenarios call. Not all are in every major; a scenario says where it runs. */
export interface AiModule {
  generateText(options: Options): Promise<TextAnswer>
  streamText(options: Options): StreamAnswer
  generateObject(options: Options): Promise<{ readonly object: unknown; readonly usage: Options }>
  streamObject(options: Options): { readonly partialObjectStream: AsyncIterable<unknown> }
  embed(options: Options): Promise<{ readonly embedding: readonly number[] }>
  embedMany(options: Options): Promise<{ readonly embeddings: readonly (readonly number[])[] }>
  rerank(options: Options): Promise<unknown>
  generateSpeech(options: Options): Promise<unknown>
  transcribe(options: Options): Promise<unknown>
  experimental_decide(options: Options): Promise<unknown>
  tool(options: Options): object
  stepCountIs(count: number): unknown
  readonly Output: { object(options: Options): unknown }
}

/** A provider as `createOpenAI` and its like make it. */
export interface Provider {
  (modelId: string, settings?: Options): Model
  chat(modelId: string): Model
  responses(modelId: string): Model
  textEmbeddingModel(modelId: string): Model
  rerankingModel(modelId: string): Model
  speech(modelId: string): Model
  transcription(modelId: string): Model
}

type CreateProvider = (settings: { readonly baseURL: string; readonly apiKey: string } & Options) => Provider

/** One major of the AI SDK with the provider packages that belong to it. */
export interface Sdk {
  readonly major: Major
  readonly version: string
  readonly ai: AiModule
  readonly createOpenAI: CreateProvider
  readonly createAnthropic: CreateProvider
  readonly createGoogleGenerativeAI: CreateProvider
  /** The span makers of version 7, where they are not those at the root. */
  readonly otel?: OtelModule | undefined
}

/** What `@ai-sdk/otel` makes spans with. */
export interface OtelModule {
  readonly OpenTelemetry: new (options?: Options) => object
  readonly LegacyOpenTelemetry: new () => object
}

type SdkModule = Omit<Sdk, 'major' | 'version'>

/** Loads one major: 7 from the root, the others from the folder `ai-{major}`, which test/install.ts fills. */
export function loadSdk(major: Major): Promise<Sdk> {
  const packages = new URL(major === 7 ? '../../' : `./ai-${major}/`, import.meta.url)
  return loadSdkFrom(new URL(`./ai-${major}/sdk.mjs`, import.meta.url), packages)
}

/** Loads the SDK that a module re-exports; `packages` is the folder with its node_modules. */
export async function loadSdkFrom(file: URL, packages: URL): Promise<Sdk> {
  // The module re-exports exactly these names, and the harness test calls each of them in every major.
  const { ai, createOpenAI, createAnthropic, createGoogleGenerativeAI, otel } = (await import(file.href)) as SdkModule
  const manifest = await readFile(new URL('node_modules/ai/package.json', packages), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  const major = Number(version.split('.')[0]) as Major // only majors that tests drive are installed
  return { major, version, ai, createOpenAI, createAnthropic, createGoogleGenerativeAI, otel }
}
