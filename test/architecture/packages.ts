/** Which packages a package may import, and whether it runs on Node only. */
export interface Arrows {
  /** Packages of ours, or one entry of a package, such as `@spanledger/core/time`: then nothing else of it. */
  readonly ours: readonly string[]
  /** Packages of others; `any` is for those where a user's install, or a bundle, carries the weight. */
  readonly others: readonly string[] | 'any'
  readonly node: boolean
  /** What it imports goes out inside of it, so that nobody installs it. */
  readonly isBundled?: boolean
}

/** The table of docs/design.md, "Packages and arrows". What it does not name must not be imported. */
export const ARROWS: Readonly<Record<string, Arrows>> = {
  '@spanledger/core': { ours: [], others: [], node: false },
  '@spanledger/otel': { ours: ['@spanledger/core'], others: ['@opentelemetry/api'], node: false },
  '@spanledger/journal': { ours: ['@spanledger/core'], others: [], node: true },
  '@spanledger/store': { ours: ['@spanledger/core'], others: ['kysely', 'pg'], node: true },
  '@spanledger/dashboard': { ours: ['@spanledger/core/time'], others: 'any', node: false, isBundled: true },
  '@spanledger/server': {
    ours: ['@spanledger/core', '@spanledger/store'],
    others: ['hono', '@hono/node-server', '@hono/zod-openapi', 'zod', '@bufbuild/protobuf', 'csv-stringify'],
    node: true,
  },
  spanledger: {
    ours: ['core', 'otel', 'journal', 'store', 'dashboard', 'server'].map((name) => `@spanledger/${name}`),
    others: 'any',
    node: true,
  },
}

/** The one package that is pure. */
export const PURE = '@spanledger/core'

/** The one package that reads environment and arguments. */
export const WIRING = 'spanledger'

/** OpenTelemetry, the AI SDK and the drivers are the application's: a second copy of them does nothing, silently. */
export const APPLICATION_OWNED = /^(@opentelemetry\/.+|ai|@ai-sdk\/.+|pg|@langchain\/.+)$/
