import { Hono } from 'hono'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { ServerEnv } from './http/access.ts'

interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Compressed, for browsers that accept gzip. */
  readonly gzipped: Uint8Array<ArrayBuffer>
  readonly type: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

// Vite puts a hash of the content into these names.
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/

/** Serves the files of a built dashboard, read once at startup. All other paths return its page. */
export function createDashboardRoutes(folder: string): Hono<ServerEnv> {
  const files = readFiles(folder)
  const index = files.get('/index.html')
  const routes = new Hono<ServerEnv>()
  routes.get('*', (c, next) => {
    const isPage = !/^\/(?:api|v1|assets)(?:\/|$)/.test(c.req.path) && extname(c.req.path) === ''
    const file = files.get(c.req.path) ?? (isPage ? index : undefined)
    if (file === undefined) return next()
    const caching = HASHED.test(c.req.path) ? 'public, max-age=31536000, immutable' : 'no-cache'
    const headers = { 'content-type': file.type, 'cache-control': caching, vary: 'accept-encoding' }
    return Promise.resolve(
      /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
        ? c.body(file.gzipped, 200, { ...headers, 'content-encoding': 'gzip' })
        : c.body(file.bytes, 200, headers),
    )
  })
  return routes
}

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = new Uint8Array(readFileSync(path))
    files.set(`/${relative(folder, path).split(sep).join('/')}`, {
      bytes,
      gzipped: new Uint8Array(gzipSync(bytes)),
      type,
    })
  }
  return files
}
