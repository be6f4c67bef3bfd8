/**
 * Takes screenshots of the dashboard with the data of `spanledger demo`, in light and dark mode.
 *   npm run pictures              the screenshots of the documentation, into docs
 *   npm run pictures -- FOLDER    all pages at 1280 pixels, into that folder
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser } from 'playwright-core'
import { settled, startBrowser } from '../test/dashboard/browser.ts'
import { builtPage } from '../test/dashboard/built-page.ts'

interface Picture {
  readonly name: string
  readonly path: string
  /** Height in pixels; the whole page by default. */
  readonly height?: number
}

const ROOT = join(import.meta.dirname, '..')
const MAIN = join(ROOT, 'packages/spanledger/src/main.ts')
const RANGE = 'range=30d&tz=UTC'
const [, , FOLDER] = process.argv

await builtPage()
const work = await mkdtemp(join(tmpdir(), 'spanledger-pictures-'))
const flags = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
const demo = spawn(process.execPath, [...flags, MAIN, 'demo'], { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] })
try {
  const [[url], filled] = [await once(createInterface(demo.stdout), 'line'), createInterface(demo.stderr)]
  for await (const line of filled) if (line.startsWith('Stored ')) break
  const browser = await startBrowser()
  for (const theme of ['light', 'dark'] as const) await takePictures(browser, String(url), theme)
  await browser.close()
} finally {
  demo.kill('SIGTERM')
  await once(demo, 'exit')
  await rm(work, { recursive: true })
}

async function takePictures(browser: Browser, url: string, theme: 'light' | 'dark'): Promise<void> {
  const pictures = FOLDER === undefined ? await documentPictures(url) : await allPages(url)
  const width = FOLDER === undefined ? 1440 : 1280
  const context = await browser.newContext({
    colorScheme: theme,
    deviceScaleFactor: FOLDER === undefined ? 1.5 : 1,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  for (const { name, path, height } of pictures) {
    await page.setViewportSize({ width, height: height ?? 900 })
    await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}${RANGE}`)
    await settled(page)
    const file = join(FOLDER ?? join(ROOT, 'docs'), `dashboard-${name}-${theme}.png`)
    await page.screenshot({ path: file, fullPage: height === undefined })
    console.log(file)
  }
  await context.close()
}

async function documentPictures(url: string): Promise<readonly Picture[]> {
  return [
    { name: 'overview', path: '/', height: 1340 },
    { name: 'tools', path: '/tools', height: 1000 },
    { name: 'call', path: `/calls/${await firstId(url, 'sort=costNanoUsd&order=desc')}`, height: 900 },
  ]
}

async function allPages(url: string): Promise<readonly Picture[]> {
  const budget = { name: 'Support', period: 'month', limitUsd: 5, scope: { project: 'support' } }
  await fetch(`${url}/api/budgets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(budget),
  })
  const { data } = (await (await fetch(`${url}/api/sessions?limit=1`)).json()) as Listed<'session'>
  return [
    ...['calls', 'tools', 'sessions', 'spend', 'budgets', 'prices', 'health'].map((name) => ({
      name,
      path: `/${name}`,
    })),
    { name: 'overview', path: '/?compare=previous' },
    { name: 'call', path: `/calls/${await firstId(url, 'kind=model&sort=costNanoUsd')}` },
    { name: 'failed-tool', path: `/calls/${await firstId(url, 'kind=tool&status=error')}` },
    { name: 'session', path: `/sessions/${data[0]?.session}` },
    { name: 'no-match', path: '/calls?user=nobody' },
    { name: 'not-found', path: '/nowhere' },
  ]
}

interface Listed<Key extends string> {
  readonly data: readonly Readonly<Record<Key, string>>[]
}

async function firstId(url: string, query: string): Promise<string> {
  const { data } = (await (await fetch(`${url}/api/calls?limit=1&${query}`)).json()) as Listed<'id'>
  return data[0]?.id ?? ''
}
