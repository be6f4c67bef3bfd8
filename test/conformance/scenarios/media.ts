import { RERANKING_PROVIDERS, type Scenario } from '../scenario.ts'
import type { Model } from '../sdk.ts'

const only7 = { providers: ['openai'], majors: [7] } as const

/** What else AI SDK 7 traces: sound, ranking and decisions. Older majors leave no span but for rerank in 6. */
export const MEDIA_SCENARIOS: readonly Scenario[] = [
  {
    ...only7,
    name: 'speech',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateSpeech({ model: model('speech'), text: 'Good morning.', voice: 'alloy', ...telemetry() }),
  },
  {
    ...only7,
    name: 'transcribe',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.transcribe({ model: model('transcription'), audio: new TextEncoder().encode('RIFF'), ...telemetry() }),
  },
  {
    ...only7,
    name: 'rerank',
    providers: ['openai', ...RERANKING_PROVIDERS],
    majors: [6, 7],
    run: ({ sdk, provider, model, telemetry }) =>
      sdk.ai.rerank({
        model: provider === 'openai' ? rerankingModel(sdk.major === 6 ? 'v3' : 'v4') : model('reranking'),
        query: 'warm',
        documents: ['a sunny day', 'a snowy day'],
        ...telemetry(),
      }),
  },
  {
    ...only7,
    name: 'decide',
    run: ({ sdk, telemetry }) =>
      sdk.ai.experimental_decide({
        model: decisionModel(),
        state: 'The sky is clear.',
        questions: { sunny: { type: 'boolean', instructions: 'Is it sunny?' } },
        ...telemetry(),
      }),
  },
]

// OpenAI cannot rank, and no provider package can decide, so these two models answer by themselves.
function rerankingModel(specificationVersion: 'v3' | 'v4'): Model {
  const ranking = [
    { index: 0, relevanceScore: 0.9 },
    { index: 1, relevanceScore: 0.2 },
  ]
  return {
    specificationVersion,
    provider: 'cohere.reranking',
    modelId: 'rerank-v3.5',
    doRerank: async () => ({ ranking, response: { id: 'rank-1', modelId: 'rerank-v3.5' } }),
  }
}

function decisionModel(): Model {
  return {
    specificationVersion: 'v4',
    provider: 'example.decision',
    modelId: 'decider-1',
    supportedQuestionTypes: ['boolean'],
    doDecide: async () => ({
      answers: { sunny: { type: 'boolean', probability: 0.97 } },
      usage: { inputTokens: 25, outputTokens: 1 },
      warnings: [],
      response: { id: 'decision-1', modelId: 'decider-1-2025-01-01' },
    }),
  }
}
