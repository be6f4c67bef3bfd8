import { readFile } from 'node:fs/promises'
import type { Major, Options, Provider } from './sdk.ts'

/** Makes a provider; each package has settings of its own, so they are checked by running. */
export type CreatePackagedProvider = (settings: Options) => Provider

/** The provider packages of one major beyond those of `loadSdk`. */
export interface ProviderPackages {
  readonly major: Major
  readonly createAmazonBedrock: CreatePackagedProvider
  readonly createAzure: CreatePackagedProvider
  readonly createCohere: CreatePackagedProvider
  readonly createDeepSeek: CreatePackagedProvider
  /** AI SDK 4 knows no gateway. */
  readonly createGateway: CreatePackagedProvider | undefined
  readonly createGroq: CreatePackagedProvider
  readonly createMistral: CreatePackagedProvider
  readonly createOpenAICompatible: CreatePackagedProvider
  readonly createOpenRouter: CreatePackagedProvider
  readonly createVertex: CreatePackagedProvider
  readonly createVertexAnthropic: CreatePackagedProvider
  readonly createXai: CreatePackagedProvider
}

/** Loads the provider packages of one major from the folder `providers-{major}`, which test/install.ts fills. */
export async function loadProviders(major: Major): Promise<ProviderPackages> {
  // The module re-exports exactly these names, and the providers test calls each of them in every major.
  const module = (await import(`./providers-${major}/sdk.mjs`)) as Omit<ProviderPackages, 'major'>
  return { ...module, major }
}

/** The versions of the packages in `providers-{major}`, by name. */
export async function providerVersions(major: Major): Promise<Readonly<Record<string, string>>> {
  const file = new URL(`./providers-${major}/package.json`, import.meta.url)
  const { dependencies } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return dependencies
}
