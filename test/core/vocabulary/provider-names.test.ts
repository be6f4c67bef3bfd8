import { toProviderName } from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const WELL_KNOWN = [
  'openai',
  'anthropic',
  'cohere',
  'aws.bedrock',
  'azure.ai.inference',
  'azure.ai.openai',
  'gcp.gemini',
  'gcp.vertex_ai',
  'gcp.gen_ai',
  'ibm.watsonx.ai',
  'perplexity',
  'x_ai',
  'deepseek',
  'groq',
  'mistral_ai',
  'moonshot_ai',
]

describe('provider names', () => {
  test.each(WELL_KNOWN)('%s is itself', (name) => {
    expect(toProviderName(name)).toBe(name)
  })

  test.each([
    // AI SDK
    ['openai.chat', 'openai'],
    ['openai.responses', 'openai'],
    ['openai.completion', 'openai'],
    ['openai.embedding', 'openai'],
    ['openai.image', 'openai'],
    ['openai.speech', 'openai'],
    ['openai.transcription', 'openai'],
    ['openai.speech-translation', 'openai'],
    ['anthropic.messages', 'anthropic'],
    ['google.generative-ai', 'gcp.gemini'],
    ['google.interactions', 'gcp.gemini'],
    ['google', 'gcp.gemini'],
    ['google.vertex.chat', 'gcp.vertex_ai'],
    ['google.vertex.embedding', 'gcp.vertex_ai'],
    ['google-vertex', 'gcp.vertex_ai'],
    ['googleVertex.anthropic.messages', 'gcp.vertex_ai'],
    ['vertex.anthropic.messages', 'gcp.vertex_ai'],
    ['vertex.maas.chat', 'gcp.vertex_ai'],
    ['amazon-bedrock', 'aws.bedrock'],
    ['amazon-bedrock.chat', 'aws.bedrock'],
    ['bedrock', 'aws.bedrock'],
    ['bedrock.anthropic.messages', 'aws.bedrock'],
    ['azure.chat', 'azure.ai.openai'],
    ['azure.responses', 'azure.ai.openai'],
    ['azure-openai.chat', 'azure.ai.openai'],
    ['azure-openai.embeddings', 'azure.ai.openai'],
    ['xai.chat', 'x_ai'],
    ['xai.responses', 'x_ai'],
    ['groq.chat', 'groq'],
    ['groq.transcription', 'groq'],
    ['mistral.chat', 'mistral_ai'],
    ['mistral.embedding', 'mistral_ai'],
    ['deepseek.chat', 'deepseek'],
    ['cohere.chat', 'cohere'],
    ['cohere.textEmbedding', 'cohere'],
    ['cohere.reranking', 'cohere'],
    ['perplexity', 'perplexity'],
    ['moonshotai.chat', 'moonshot_ai'],
    ['togetherai.chat', 'togetherai'],
    ['togetherai.embedding', 'togetherai'],
    ['fireworks.chat', 'fireworks'],
    ['cerebras.chat', 'cerebras'],
    ['voyage.embedding', 'voyage'],
    ['gateway', 'gateway'],
    ['gateway.batch', 'gateway'],
    ['openrouter', 'openrouter'],
    ['openrouter.chat', 'openrouter'],
    ['vercel.chat', 'vercel'],
    ['ollama.chat', 'ollama'],
    ['lmstudio.chat', 'lmstudio'],
    ['MyProxy.chat', 'MyProxy'],
    ['my.own.name.responses', 'my.own.name'],
    // LangChain, OpenLLMetry, OpenInference and older conventions
    ['OpenAI', 'openai'],
    ['Google', 'gcp.gemini'],
    ['google_genai', 'gcp.gemini'],
    ['google_vertexai', 'gcp.vertex_ai'],
    ['vertex_ai', 'gcp.vertex_ai'],
    ['VertexAI', 'gcp.vertex_ai'],
    ['gemini', 'gcp.gemini'],
    ['AWS', 'aws.bedrock'],
    ['amazon_bedrock', 'aws.bedrock'],
    ['az.ai.openai', 'azure.ai.openai'],
    ['az.ai.inference', 'azure.ai.inference'],
    ['azure_openai', 'azure.ai.openai'],
    ['mistralai', 'mistral_ai'],
    ['xai', 'x_ai'],
    ['x-ai', 'x_ai'],
    ['watsonx', 'ibm.watsonx.ai'],
    ['TogetherAI', 'togetherai'],
    ['Ollama', 'Ollama'],
  ])('%s is %s', (raw, name) => {
    expect(toProviderName(raw)).toBe(name)
  })

  test('a model tells Vertex AI from the Gemini API', () => {
    expect(toProviderName('Google', 'projects/p/locations/l/publishers/google/models/gemini-2.5-pro')).toBe(
      'gcp.vertex_ai',
    )
    expect(toProviderName('google', 'models/gemini-2.5-pro')).toBe('gcp.gemini')
  })

  test('a hint tells Azure OpenAI from Azure AI Inference', () => {
    expect(toProviderName('azure.ai.inference', 'gpt-4o', 'gen_ai')).toBe('azure.ai.openai')
    expect(toProviderName('azure.ai.inference', 'gpt-4o', 'azure.responses')).toBe('azure.ai.openai')
    expect(toProviderName('azure.ai.inference', 'gpt-4o', '@azure/ai-inference')).toBe('azure.ai.inference')
  })

  test('a name of nothing but an API stays', () => {
    expect(['', '.chat', 'chat'].map((raw) => toProviderName(raw))).toEqual(['', '.chat', 'chat'])
  })

  test('naming twice changes nothing', () => {
    const raw = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', 'x'.repeat(20_000), '\0', '🦙.chat'),
      fc
        .tuple(
          fc.constantFrom(...WELL_KNOWN, 'azure', 'vertex', 'Google', 'a.b'),
          fc.constantFrom('', '.chat', '.messages', '.Chat.chat'),
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(raw, (name) => {
        const once = toProviderName(name)
        expect(toProviderName(once)).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })
})
