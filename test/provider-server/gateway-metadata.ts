import type { Answer } from './answer.ts'
import { costsOf } from './gateway-usage.ts'
import type { JsonObject } from './json.ts'
import { datedModelId } from './model-ids.ts'

/** The model that answered, as its own provider calls it. */
export function upstreamModelOf({ model, request }: Answer): string {
  return model === request.model ? datedModelId(partsOf(model).model) : model
}

/** Provider metadata: the provider's own, and how the gateway routed the call and what it charged. */
export function gatewayMetadata(answer: Answer): Readonly<Record<string, JsonObject>> {
  const { serviceTier } = answer
  const { model: slug } = answer.request
  const { provider, model } = partsOf(slug)
  const attempt = {
    provider,
    internalModelId: `${provider}:${model}`,
    providerApiModelId: model,
    credentialType: 'system',
    success: true,
    startTime: 458753.407267,
    endTime: 459891.705775,
  }
  return {
    [provider]: serviceTier === undefined ? {} : { serviceTier },
    gateway: {
      routing: {
        originalModelId: slug,
        resolvedProvider: provider,
        resolvedProviderApiModelId: model,
        internalResolvedModelId: `${provider}:${model}`,
        fallbacksAvailable: [],
        internalReasoning: `Selected ${provider} as preferred provider for ${model}. 0 fallback(s) available: `,
        planningReasoning: `System credentials planned for: ${provider}. Total execution order: ${provider}(system)`,
        canonicalSlug: slug,
        finalProvider: provider,
        attempts: [attempt],
        modelAttemptCount: 1,
        modelAttempts: [
          { modelId: slug, canonicalSlug: slug, success: true, providerAttemptCount: 1, providerAttempts: [attempt] },
        ],
        totalProviderAttemptCount: 1,
      },
      ...costsOf(answer.usage),
      generationId: `gen_${answer.id}`,
    },
  }
}

function partsOf(slug: string): { readonly provider: string; readonly model: string } {
  const [provider = '', ...model] = slug.split('/')
  return model.length === 0 ? { provider: 'unknown', model: provider } : { provider, model: model.join('/') }
}
