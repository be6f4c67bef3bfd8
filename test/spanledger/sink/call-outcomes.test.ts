import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { createServer as createLedger, hashToken } from '@spanledger/server'
import { openStore } from '@spanledger/store'
import { openUsageLog } from 'spanledger'
import { expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { emptyFolder } from '../run-cli.ts'

const TOKEN = randomBytes(24).toString('hex')

function newCall(differences: Parameters<typeof call>[0] = {}) {
  return call({ trace_id: randomBytes(16).toString('hex'), span_id: randomBytes(8).toString('hex'), ...differences })
}

test('a refused call counts once, although its segment is delivered to a server from its beginning again', async () => {
  const store = await openStore({ path: `${emptyFolder()}/ledger.db` })
  const ledger = createLedger({ store, tokens: [{ hash: hashToken(TOKEN), scope: 'ingest' }] })
  const { url } = await ledger.listen({ port: 0 })
  const journal = `${emptyFolder()}/journal`
  const log = openUsageLog(url, { journal, token: TOKEN })
  const letters = join(journal, 'dead-letters.jsonl')
  const warnings: string[] = []
  const hear = ({ message }: Error) => void warnings.push(message)
  process.on('warning', hear)
  try {
    // More than one batch, so that the second delivery is behind the first for a while.
    for (let index = 0; index < 2_500; index += 1) log.write(newCall())
    for (let index = 0; index < 3; index += 1) log.write(newCall({ kind: 'step' }))
    await expect.poll(() => log.stats().journaled, { timeout: 20_000 }).toBe(0)

    // A letter that cannot be kept makes the drain open the segment anew.
    renameSync(letters, `${letters}.away`)
    mkdirSync(letters)
    log.write(newCall({ kind: 'step' }))
    await expect.poll(() => warnings.join(), { timeout: 20_000 }).toContain('EISDIR')
    rmdirSync(letters)
    renameSync(`${letters}.away`, letters)
    await expect.poll(() => log.stats().journaled, { timeout: 20_000 }).toBe(0)
    await log.flush()
    const { generated, stored, deduplicated, rejected } = log.stats()
    expect({ generated, known: stored + deduplicated, rejected: Object.values(rejected) }).toEqual({
      generated: 2_504,
      known: 2_500,
      rejected: [4],
    })
  } finally {
    process.off('warning', hear)
    await log.close()
    await ledger.close()
    await store.close()
  }
}, 90_000)
