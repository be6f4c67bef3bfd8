import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { readFile } from 'node:fs/promises'
import { createContentPolicy, createPriceBook, createRedactor, type PriceBook } from '@spanledger/core'
import { type ConvertOptions, GenAISpanProcessor } from '@spanledger/otel'

/** The AI SDK majors whose spans are converted here. */
export type Major = 6 | 7

/** A pipeline from spans to an exporter. */
export interface Pipeline {
  readonly name: string
  processorOf(exporter: SpanExporter): SpanProcessor
}

/** A pipeline that converts AI spans, set up as its documentation says. */
export interface Converter extends Pipeline {
  /** The majors that it supports. */
  readonly majors: readonly Major[]
  /** An attribute that only a converted provider call has. */
  readonly mark: { readonly attribute: string; readonly value: unknown }
  /** How many times longer it takes than ours, at least. */
  readonly atLeast?: number
}

/** The converters to compare, and the SDK that they run on. */
export interface Converters {
  readonly BasicTracerProvider: SdkTrace['BasicTracerProvider']
  /** The SDK without a converter. */
  readonly baseline: Pipeline
  /** With content `preview` (the default), `full`, `full` limited to what the peers do, and `none`. */
  readonly ours: readonly Converter[]
  readonly peers: readonly Converter[]
}

type SdkTrace = typeof import('@opentelemetry/sdk-trace-base')
type ProcessorClass = new (options: { readonly exporter: SpanExporter }) => SpanProcessor

interface PeersModule extends Pick<SdkTrace, 'BasicTracerProvider' | 'SimpleSpanProcessor'> {
  readonly OpenInference2: ProcessorClass
  readonly OpenInference3: ProcessorClass
  createTraceloopProcessor(options: {
    readonly exporter: SpanExporter
    readonly disableBatch: boolean
    readonly allowedInstrumentationLibraries: 'all'
  }): SpanProcessor
}

/** Loads the folder `peers`, which `npm ci` fills. All processors pass on each span at once, without a queue. */
export async function loadConverters(): Promise<Converters> {
  const { BasicTracerProvider, SimpleSpanProcessor, ...peers } = await importPeers()
  // Peers do not redact credentials or compute prices.
  const unredacted = createContentPolicy({ mode: 'full', redactor: createRedactor({ disabled: true }) })
  const ours = [
    { name: 'spanledger, content preview', options: { content: 'preview' } },
    { name: 'spanledger, content full', options: { content: 'full' } },
    { name: 'spanledger, full, no redaction, no prices', options: { content: unredacted, prices: noPrices() } },
    { name: 'spanledger, content none', options: { content: 'none' } },
  ] as const satisfies readonly { readonly name: string; readonly options: ConvertOptions }[]
  const openInferenceMark = { attribute: 'llm.token_count.total', value: 140 }
  return {
    BasicTracerProvider,
    baseline: { name: 'the SDK alone', processorOf: (exporter) => new SimpleSpanProcessor(exporter) },
    ours: ours.map(({ name, options }) => ({
      name,
      processorOf: (exporter) => new GenAISpanProcessor([new SimpleSpanProcessor(exporter)], options),
      majors: [6, 7],
      mark: { attribute: 'gen_ai.usage.reasoning.output_tokens', value: 7 },
    })),
    peers: [
      {
        name: `@traceloop/node-server-sdk ${await versionOf('@traceloop/node-server-sdk')}`,
        processorOf: (exporter) =>
          peers.createTraceloopProcessor({ exporter, disableBatch: true, allowedInstrumentationLibraries: 'all' }),
        // It only converts scope `ai`, which AI SDK 7 no longer uses.
        majors: [6],
        mark: { attribute: 'gen_ai.usage.total_tokens', value: 140 },
        atLeast: 2,
      },
      // Version 3 supports AI SDK 7 only and refers AI SDK 6 to version 2.
      {
        name: `@arizeai/openinference-vercel ${await versionOf('openinference-vercel-2')}`,
        processorOf: (exporter) => new peers.OpenInference2({ exporter }),
        majors: [6],
        mark: openInferenceMark,
        atLeast: 3,
      },
      {
        name: `@arizeai/openinference-vercel ${await versionOf('@arizeai/openinference-vercel')}`,
        processorOf: (exporter) => new peers.OpenInference3({ exporter }),
        majors: [7],
        mark: openInferenceMark,
        atLeast: 3,
      },
    ],
  }
}

function noPrices(): PriceBook {
  const unknown = { costNanoUsd: null, source: null, flags: [], reason: null, priceVersion: null }
  return { ...createPriceBook(), costOf: () => unknown }
}

async function importPeers(): Promise<PeersModule> {
  try {
    return (await import(new URL('peers/peers.mjs', import.meta.url).href)) as PeersModule // exports just these names
  } catch (cause) {
    throw new Error('Cannot load the converters to compare; run "npm ci" in bench/peers', { cause })
  }
}

async function versionOf(folder: string): Promise<string> {
  const path = new URL(`peers/node_modules/${folder}/package.json`, import.meta.url)
  return (JSON.parse(await readFile(path, 'utf8')) as { readonly version: string }).version
}
