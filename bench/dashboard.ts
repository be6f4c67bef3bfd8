// Measures how fast the dashboard is in Chromium, with a database of many calls (bench/queries.ts creates one and keeps it).
// Prints medians of cold loads, each with a new profile, so that nothing is cached.
//
//   node --conditions=@spanledger/source bench/dashboard.ts FILE [loads] [days]
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { settled, startBrowser } from '../test/dashboard/browser.ts'
import { builtPage } from '../test/dashboard/built-page.ts'
import { medianOf } from './medians.ts'

const [, , FILE, LOADS = '9', DAYS = '30'] = process.argv
const END = Date.parse('2026-07-01T00:00Z') // of the calls that bench/queries.ts makes
const DAY = 86_400_000
const ROUNDS = 10
const MAIN = fileURLToPath(new URL('../packages/spanledger/src/main.ts', import.meta.url))

/** Milliseconds since the request of the page; for a change, since the click. */
interface Figures {
  readonly firstPaint: number
  readonly data: number
  readonly overview: number
  readonly filter: number
  readonly filterOverview: number
  readonly longest: number
  readonly longestOfFilter: number
  /** CPU time of the whole visit. */
  readonly script: number
  readonly layout: number
  readonly tasks: number
}

interface Watched {
  readonly marks: Record<string, number>
  readonly long: number[]
}

if (FILE === undefined) throw new Error('Name a database file; create one with bench/queries.ts 1000000 180 1 FILE')
await builtPage()
const server = spawn(
  process.execPath,
  [
    '--conditions=@spanledger/source',
    '--disable-warning=ExperimentalWarning',
    MAIN,
    'serve',
    '--port',
    '0',
    '--db',
    `file:${FILE}`,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const url = await addressOf(server)
  const browser = await startBrowser()
  try {
    await report(browser, url)
  } finally {
    await browser.close()
  }
} finally {
  const ended = server.exitCode === null ? once(server, 'exit') : undefined
  server.kill()
  await ended
}

async function addressOf(started: ChildProcess): Promise<string> {
  if (started.stdout === null) throw new Error('The server has no output')
  const lines = once(started.stdout, 'data') as Promise<[Buffer]>
  const [line] = await Promise.race([lines, once(started, 'exit')])
  if (!(line instanceof Buffer)) throw new Error(`The server ended with code ${line}`)
  return line.toString().trim()
}

async function report(browser: Browser, url: string): Promise<void> {
  const range = `from=${END - Number(DAYS) * DAY}&to=${END}&tz=UTC`
  const figures: Figures[] = []
  // The first load only warms up the server.
  for (let load = 0; load <= Number(LOADS); load += 1) {
    const found = await measure(browser, `${url}/?${range}`)
    if (load > 0) figures.push(found)
  }
  console.log(`${LOADS} cold loads, ${DAYS} days, load average ${loadavg()[0]?.toFixed(2)}\n`)
  console.log('milliseconds                          median    worst')
  const show = (label: string, of: (figures: Figures) => number): void => {
    const values = figures.map(of)
    const cells = [medianOf(values), Math.max(...values)].map((value) => value.toFixed(0).padStart(9))
    console.log(label.padEnd(35) + cells.join(''))
  }
  show('first paint', ({ firstPaint }) => firstPaint)
  show('data shown', ({ data }) => data)
  show('  of it /api/overview', ({ overview }) => overview)
  show('longest task', ({ longest }) => longest)
  show('filter change', ({ filter }) => filter)
  show('  of it /api/overview', ({ filterOverview }) => filterOverview)
  show('longest task of the change', ({ longestOfFilter }) => longestOfFilter)
  show('CPU of the whole visit', ({ tasks }) => tasks)
  show('  of it script', ({ script }) => script)
  show('  of it style and layout', ({ layout }) => layout)
  const asked = `${url}/api/overview?${range}&groupBy=model`
  console.log(`server, CPU of /api/overview        ${(await serverCpuOf(url, asked)).toFixed(0).padStart(8)}`)
  console.log(
    `  with a filter                     ${(await serverCpuOf(url, `${asked}&model=model-3`)).toFixed(0).padStart(8)}`,
  )
}

// CPU time of an answer, independent of other load on the machine.
async function serverCpuOf(url: string, asked: string): Promise<number> {
  const cpuSeconds = async (): Promise<number> =>
    Number(/^process_cpu_seconds_total (\S+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1])
  const before = await cpuSeconds()
  for (let round = 0; round < ROUNDS; round += 1) await (await fetch(asked)).arrayBuffer()
  return (((await cpuSeconds()) - before) / ROUNDS) * 1000
}

async function measure(browser: Browser, url: string): Promise<Figures> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.addInitScript(watch)
    await page.goto(url)
    await settled(page)
    await page.waitForTimeout(300) // include tasks after the data has arrived
    const first = await read(page)
    await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.long.splice(0))
    await page.locator('.bar-list a').first().click()
    await page.waitForFunction(() => 'changed' in (globalThis as unknown as { watched: Watched }).watched.marks)
    await page.waitForTimeout(300)
    const second = await read(page)
    const { metrics } = await session.send('Performance.getMetrics')
    const cpu = (name: string): number => (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN) * 1000
    return {
      firstPaint: first.firstPaint,
      data: first.marks['shown'] ?? Number.NaN,
      overview: first.overview[0] ?? Number.NaN,
      longest: first.longest,
      filter: (second.marks['changed'] ?? Number.NaN) - (second.marks['clicked'] ?? Number.NaN),
      filterOverview: second.overview.at(-1) ?? Number.NaN,
      longestOfFilter: second.longest,
      script: cpu('ScriptDuration'),
      layout: cpu('LayoutDuration') + cpu('RecalcStyleDuration'),
      tasks: cpu('TaskDuration'),
    }
  } finally {
    await context.close()
  }
}

// Runs in the page before its own scripts. Marks when the totals are painted, and again after a click.
function watch(): void {
  const watched: Watched = { marks: {}, long: [] }
  Object.assign(globalThis, { watched })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.long.push(duration)
  }).observe({ type: 'longtask', buffered: true })
  const mark = (name: string): void => {
    if (name in watched.marks) return
    watched.marks[name] = 0 // taken: the frame that shows it is the next one
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () => (watched.marks[name] = performance.now()))
      port1.start()
      port2.postMessage(undefined)
    })
  }
  let before: string | undefined
  addEventListener(
    'click',
    ({ timeStamp }) => {
      before = document.querySelector('.tile-value')?.textContent
      watched.marks['clicked'] = timeStamp
    },
    { capture: true },
  )
  new MutationObserver(() => {
    const tile = document.querySelector('.tile-value')?.textContent
    if (tile === undefined) return
    mark('shown')
    if (before !== undefined && tile !== before) mark('changed')
  }).observe(document, { childList: true, subtree: true, characterData: true })
}

function read(page: Page): Promise<{
  readonly firstPaint: number
  readonly overview: readonly number[]
  readonly marks: Readonly<Record<string, number>>
  readonly longest: number
}> {
  return page.evaluate(() => {
    const { marks, long } = (globalThis as unknown as { watched: Watched }).watched
    const fetched = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
      name.includes('/api/overview'),
    )
    return {
      firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      overview: fetched.map(({ duration }) => duration),
      marks,
      longest: Math.max(0, ...long),
    }
  })
}
