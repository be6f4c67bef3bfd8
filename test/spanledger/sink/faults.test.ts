import type { SpanLike } from '@spanledger/core'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'
import { expect, test } from 'vitest'
import { span } from '../../builders.ts'
import { emptyFolder } from '../run-cli.ts'

test('errors that lose calls before they are counted stand in stats(), and the first one is a warning', async () => {
  const log = openUsageLog(`file:${emptyFolder()}/usage.db`)
  const processor = new GenAISpanProcessor(new UsageSpanProcessor(log))
  const warnings: string[] = []
  const hear = ({ message }: Error) => void warnings.push(message)
  process.on('warning', hear)
  try {
    for (let count = 0; count < 3; count += 1) processor.onEnd(withoutContext())
    expect(log.stats()).toMatchObject({ generated: 0 })
    expect(log.stats().faults).toBeGreaterThan(2)
    await expect.poll(() => warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^spanledger: .* failed: hostile\..*stats\(\)\.faults/)
  } finally {
    process.off('warning', hear)
    await processor.shutdown()
  }
})

function withoutContext(): SpanLike {
  const spanContext = () => {
    throw new Error('hostile')
  }
  return { ...span({ 'gen_ai.operation.name': 'chat' }), spanContext }
}
