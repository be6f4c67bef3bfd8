import { isProviderRequest } from '@spanledger/core'
import { describe, expect, test } from 'vitest'

describe('a request asks a model', () => {
  test.each([
    ['api.openai.com', '/v1/responses'],
    ['API.Anthropic.com', '/v1/messages'],
    ['shop.openai.azure.com', '/openai/deployments/x/chat/completions?api-version=1'],
    ['europe-west4-aiplatform.googleapis.com', '/v1/projects/p:predict'],
    ['bedrock-runtime.eu-central-1.amazonaws.com', '/model/m/converse'],
    ['localhost', '/api/chat'],
    ['127.0.0.1', '/v1/chat/completions'],
    ['proxy.example.com', '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
  ])('of %s%s', (host, path) => {
    expect(isProviderRequest(host, path)).toBe(true)
  })

  test.each([
    ['example.com', '/'],
    ['storage.googleapis.com', '/bucket'],
    ['openai.com', '/about'],
    ['api.openai.com.example.com', '/v1/files'],
    ['127.0.0.1', '/v1/traces'],
    ['example.com', '/api/chats'],
  ])('but not of %s%s', (host, path) => {
    expect(isProviderRequest(host, path)).toBe(false)
  })
})
