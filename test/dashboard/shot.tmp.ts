import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'
const { full, empty } = JSON.parse(readFileSync('/tmp/dash.json', 'utf8'))
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const [which = 'full', path = '/', name = 'shot', width = '1440', theme = 'light', action = ''] = process.argv.slice(2)
const page = await browser.newPage({
  viewport: { width: Number(width), height: Number(process.env['H'] ?? 900) },
  colorScheme: theme as 'light',
  timezoneId: 'Europe/Berlin',
})
page.on('console', (m) => console.log('console', m.type(), m.text()))
page.on('pageerror', (e) => console.log('pageerror', e.stack))
page.on('response', (r) => {
  if (r.status() >= 400) console.log(r.status(), r.url())
})
await page.goto((which === 'empty' ? empty : full) + path)
await page.waitForSelector('h1')
await page.waitForTimeout(900)
if (action) {
  await eval(`(async () => { ${action} })()`)
  await page.waitForTimeout(700)
}
console.log(
  'overflow',
  await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  'links',
  await page.evaluate(() => document.querySelector('tr[data-href] a')?.getAttribute('href')),
)
await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: process.env['FULL'] === '1' })
await browser.close()
