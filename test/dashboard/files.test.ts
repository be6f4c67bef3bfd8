import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ledger, startLedger } from './ledger.ts'

describe('the files of the page', () => {
  let ledger: Ledger

  beforeAll(async () => {
    ledger = await startLedger()
  })

  afterAll(async () => {
    await ledger?.close()
  })

  test('come compressed where that is understood, and are the same', async () => {
    for (const path of await pathsOf(ledger.url)) {
      const plain = await fetch(ledger.url + path, { headers: { 'accept-encoding': 'identity' } })
      const compressed = await fetch(ledger.url + path, { headers: { 'accept-encoding': 'gzip' } })
      expect([plain.headers.get('content-encoding'), compressed.headers.get('content-encoding')]).toEqual([
        null,
        'gzip',
      ])
      expect(plain.headers.get('vary')).toBe('accept-encoding')
      expect(await compressed.text()).toBe(await plain.text())
    }
  })

  test('are kept by browsers for good where their name changes with them, and asked for again where it does not', async () => {
    for (const path of await pathsOf(ledger.url)) {
      const { headers } = await fetch(ledger.url + path)
      const isHashed = path.includes('/index-')
      expect(headers.get('cache-control')).toBe(isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    }
  })
})

async function pathsOf(url: string): Promise<readonly string[]> {
  const html = await (await fetch(url)).text()
  const paths = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThanOrEqual(4)
  return ['/', ...paths]
}
