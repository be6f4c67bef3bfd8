import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { builtPage } from './built-page.ts'

const MAX_BYTES = 75_000

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
}

test('all JavaScript of the page is at most 75 KB compressed', async () => {
  const folder = await builtPage()
  const manifest = JSON.parse(await readFile(join(folder, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
  const scripts = [...new Set(Object.values(manifest).map(({ file }) => file))].filter((file) => file.endsWith('.js'))
  const sizes = await Promise.all(scripts.map(async (file) => gzipSync(await readFile(join(folder, file))).length))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  expect(bytes).toBeGreaterThan(5_000)
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES)
})

test('the page names nothing outside of itself, and holds no script and no style', async () => {
  const folder = await builtPage()
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  expect(html).not.toMatch(/https?:\/\/|<style|style=|\son\w+=|<script(?![^>]*\ssrc="\/assets\/)/)
})
