import { costFromProviderMetadata } from '@spanledger/core/prices'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('a cost that the answer names', () => {
  test.each([
    ['the gateway, as a string', { gateway: { cost: '0.0006766', generationId: 'gen_1' } }, 676_600, []],
    ['the gateway, as a number', { gateway: { cost: 0.0006766 } }, 676_600, []],
    ['the gateway, rounded half up once', { gateway: { cost: '0.0000000005' } }, 1, []],
    [
      'the gateway, with more digits than a float has',
      { gateway: { cost: '1234567.1234567894999999' } },
      1_234_567_123_456_789,
      [],
    ],
    ['the gateway, in floats’ own spelling', { gateway: { cost: 1.5e-7 } }, 150, []],
    ['the gateway, nothing', { gateway: { cost: '0' } }, 0, []],
    ['the gateway, with a key of your own', { gateway: { cost: '0', marketCost: '0.0123' } }, 12_300_000, ['byok']],
    ['the gateway, at a discount', { gateway: { cost: '0.01', marketCost: '0.0123' } }, 10_000_000, []],
    ['OpenRouter', { openrouter: { usage: { cost: 0.00042, promptTokens: 3 } } }, 420_000, []],
    [
      'OpenRouter, which had it from upstream',
      { openrouter: { usage: { cost: 0.0042, costDetails: { upstreamInferenceCost: 0.0042 } } } },
      4_200_000,
      [],
    ],
    [
      'OpenRouter, upstream cheaper',
      { openrouter: { usage: { cost: 0.0042, costDetails: { upstreamInferenceCost: 0.004 } } } },
      4_200_000,
      [],
    ],
    [
      'OpenRouter, with a key of your own and a fee',
      { openrouter: { usage: { cost: 0.0002, costDetails: { upstreamInferenceCost: 0.004 } } } },
      4_200_000,
      ['byok'],
    ],
    [
      'OpenRouter, with a key of your own',
      { openrouter: { usage: { cost: 0, costDetails: { upstreamInferenceCost: '0.004' } } } },
      4_000_000,
      ['byok'],
    ],
    ['Perplexity', { perplexity: { cost: { totalCost: 0.0051 }, usage: {} } }, 5_100_000, []],
    ['xAI, of which ten ticks are a nano-USD', { xai: { costInUsdTicks: 37_756_000 } }, 3_775_600, []],
    ['xAI, half a nano-USD', { xai: { costInUsdTicks: 5 } }, 1, []],
    [
      'the gateway before the provider behind it',
      { xai: { costInUsdTicks: 10 }, gateway: { cost: '0.5' } },
      500_000_000,
      [],
    ],
    ['the next one where the first says nothing', { gateway: {}, xai: { costInUsdTicks: 10 } }, 1, []],
  ])('%s', (_, metadata, costNanoUsd, flags) => {
    expect(costFromProviderMetadata(metadata)).toEqual({ costNanoUsd, flags })
  })

  test.each([
    undefined,
    null,
    'gateway',
    [],
    {},
    { gateway: null },
    { gateway: { cost: null } },
    { gateway: { cost: '' } },
    { gateway: { cost: '.' } },
    { gateway: { cost: '-1' } },
    { gateway: { cost: -0.1 } },
    { gateway: { cost: Number.NaN } },
    { gateway: { cost: Infinity } },
    { gateway: { cost: '0x10' } },
    { gateway: { cost: '1,5' } },
    { gateway: { cost: '1e999' } },
    { gateway: { cost: '1e99999999' } },
    { gateway: { cost: '9'.repeat(100_000) } },
    { gateway: { cost: '9007200' } },
    { gateway: { cost: { valueOf: 1 } } },
    { gateway: { cost: 1n } },
    { gateway: ['0.5'] },
    { openrouter: { usage: { costDetails: { upstreamInferenceCost: 0.004 } } } },
    { openrouter: { cost: 1 } },
    { perplexity: { cost: { totalCost: null } } },
    { xai: { costInUsdTicks: null } },
    Object.create({ gateway: { cost: '1' } }),
    JSON.parse('{"__proto__": {"gateway": {"cost": "1"}}}'),
  ])('%o is none', (metadata) => {
    expect(costFromProviderMetadata(metadata)).toBeUndefined()
  })

  test('is never negative, not finite or a fraction, whatever the metadata holds', () => {
    const amount = fc.oneof(fc.anything(), fc.double(), fc.string(), fc.double().map(String), fc.bigInt().map(String))
    const metadata = fc.oneof(
      fc.anything(),
      fc.record({ gateway: fc.record({ cost: amount, marketCost: amount }) }),
      fc.record({
        openrouter: fc.record({
          usage: fc.record({ cost: amount, costDetails: fc.record({ upstreamInferenceCost: amount }) }),
        }),
      }),
      fc.record({ xai: fc.record({ costInUsdTicks: amount }) }),
    )
    fc.assert(
      fc.property(metadata, (value) => {
        const cost = costFromProviderMetadata(value)?.costNanoUsd ?? 0
        expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
