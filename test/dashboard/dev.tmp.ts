import { startLedger } from './ledger.ts'
const DASHBOARD_FOLDER = '/work/main/packages/dashboard/dist'
import { sampleCalls } from './sample-calls.ts'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { extname, join } from 'node:path'
const full = await startLedger({
  calls: sampleCalls({ until: Date.now(), days: 40, runsPerDay: 60, environment: process.argv[2] ?? 'production' }),
  jaegerUrl: 'http://127.0.0.1:16686',
})
const empty = await startLedger()
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
function front(target: string): Promise<string> {
  const server = createServer((req, res) => {
    const path = new URL(req.url!, target).pathname
    if (/^\/(api|v1)\//.test(path)) {
      const out = request(
        target + req.url,
        { method: req.method!, headers: { ...req.headers, host: new URL(target).host } },
        (r) => {
          res.writeHead(r.statusCode!, r.headers)
          r.pipe(res)
        },
      )
      out.on('error', () => res.destroy())
      req.on('close', () => out.destroy)
      req.pipe(out)
      return
    }
    let file = join(DASHBOARD_FOLDER, path)
    if (!existsSync(file) || statSync(file).isDirectory()) file = join(DASHBOARD_FOLDER, 'index.html')
    res.writeHead(200, {
      'content-type': types[extname(file)]!,
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    })
    res.end(readFileSync(file))
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as { port: number }).port}`)),
  )
}
writeFileSync(
  '/tmp/dash.json',
  JSON.stringify({ full: await front(full.url), empty: await front(empty.url), api: full.url, pid: process.pid }),
)
console.log(full.url, empty.url)
