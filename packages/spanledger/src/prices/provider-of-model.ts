import { type PriceBook, type PriceQuery, toProviderName } from '@spanledger/core'
import { createFindNearest, MAKERS } from './nearest-model.ts'

/** A call to be priced, as a question without its provider. */
export type ModelQuestion = Pick<PriceQuery, 'model' | 'atMs' | 'serviceTier'>

/** The provider that is meant by a model alone, and the others that also have a price for it. */
export interface ProviderChoice {
  readonly provider: string
  readonly model: string
  readonly others: readonly string[]
}

/**
 * Finds the provider of `gpt-5` or `openai/gpt-5`: the only one with a price, or the one that made the model. Throws a
 * sentence that lists the providers if neither is clear.
 */
export function chooseProvider(book: PriceBook, question: ModelQuestion): ProviderChoice {
  const { model } = question
  const providers = [...new Set(book.entries().map((entry) => entry.provider))]
  const sellers = providers.filter((provider) => !('reason' in book.find({ ...question, provider })))
  const makers = sellers.filter((provider) => MAKERS.includes(provider))
  const [only, ...rest] = makers.length === 1 ? makers : sellers
  if (only !== undefined && rest.length === 0) {
    return { provider: only, model, others: sellers.filter((provider) => provider !== only) }
  }
  if (only !== undefined) {
    throw new Error(`Several providers have a price for ${model}: ${sellers.join(', ')}; put one before the model`)
  }
  const [provider = '', ...name] = model.split('/')
  if (name.length > 0) return { provider, model: name.join('/'), others: [] }
  throw new Error(noProviderText(book, model, providers))
}

function noProviderText(book: PriceBook, model: string, providers: readonly string[]): string {
  const provider = toProviderName(model)
  if (providers.includes(provider)) {
    return `${model} is a provider; put a model after it, or list its models with: spanledger prices list --provider ${model}`
  }
  const nearest = createFindNearest(book)(null, model)
  const like = nearest === undefined ? '' : `; the nearest model with a price is ${nearest.provider}/${nearest.model}`
  return `No provider has a price for ${model}${like}`
}
