import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { application, doctor } from './run-doctor.ts'

const REGISTER = `import { register } from 'spanledger'
register({ database: 'file:own.db' })`

const OPEN_LOG = `
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'
globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [new (class OpenTelemetry {})()]
new NodeTracerProvider({
  spanProcessors: [new GenAISpanProcessor([new UsageSpanProcessor(openUsageLog('file:own.db'))])],
}).register()`

function applicationWith(setUp: string): string {
  const folder = application()
  writeFileSync(join(folder, 'telemetry.mjs'), setUp)
  return folder
}

describe('spanledger doctor probes what the application writes to', () => {
  test.each([
    ['register', REGISTER],
    ['openUsageLog', OPEN_LOG],
  ])(
    'that %s names, and makes no other file',
    async (_, setUp) => {
      const folder = applicationWith(setUp)
      const { bad, findings } = await doctor(folder, {}, ['--import', './telemetry.mjs'])
      expect(bad).toEqual([])
      expect(findings).toContainEqual({ state: 'good', what: expect.stringMatching(/^The test span .*own\.db/) })
      expect(existsSync(join(folder, '.spanledger'))).toBe(false)
    },
    60_000,
  )

  test('that --db names, and makes no other file', async () => {
    const folder = application()
    const { bad, findings } = await doctor(folder, {}, ['--db', 'file:x.db'])
    expect(bad).toEqual([])
    expect(findings).toContainEqual({ state: 'good', what: expect.stringMatching(/^The test span .*x\.db/) })
    expect(readdirSync(folder).filter((name) => !name.startsWith('x.db'))).toEqual(['node_modules'])
  }, 60_000)

  test('and says so where --db names another', async () => {
    const folder = applicationWith(REGISTER)
    const { bad } = await doctor(folder, {}, ['--import', './telemetry.mjs', '--db', 'file:other.db'])
    expect(bad.map(({ what }) => what)).toEqual([
      `--db names ${join(folder, 'other.db')}, but the application writes to ${join(folder, 'own.db')}`,
    ])
    expect(existsSync(join(folder, 'other.db'))).toBe(false)
  }, 60_000)
})
