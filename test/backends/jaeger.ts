/** A span as Jaeger's HTTP API shows it. */
export interface JaegerSpan {
  readonly traceID: string
  readonly spanID: string
  readonly operationName: string
  readonly references: readonly { readonly refType: string; readonly spanID: string }[]
  readonly tags: readonly { readonly key: string; readonly type: string; readonly value: unknown }[]
}

const MOST_TRACES = 1_500

/** The names of all services that Jaeger has seen. */
export async function jaegerServices(url: string): Promise<readonly string[]> {
  return (await ask<readonly string[] | null>(`${url}/api/services`)) ?? []
}

/** All spans of a service. */
export async function jaegerSpans(url: string, service: string): Promise<readonly JaegerSpan[]> {
  const query = new URLSearchParams({ service, limit: String(MOST_TRACES), lookback: '1h' })
  const traces = await ask<readonly { readonly spans: readonly JaegerSpan[] }[]>(`${url}/api/traces?${query}`)
  return traces.flatMap(({ spans }) => spans)
}

/** A tag with its type: a backend sums no text. */
export function tagOf(span: JaegerSpan, key: string): readonly [type: string, value: unknown] | undefined {
  const tag = span.tags.find((one) => one.key === key)
  return tag === undefined ? undefined : [tag.type, tag.value]
}

/** The id as the ledger writes it. */
export function callId({ traceID, spanID }: JaegerSpan): string {
  return `${traceID}-${spanID}`
}

async function ask<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`Jaeger answered ${response.status} to ${url}`)
  // The shapes above are what Jaeger documents.
  return ((await response.json()) as { readonly data: Answer }).data
}
