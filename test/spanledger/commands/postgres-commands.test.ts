import { toCallLine } from '@spanledger/core'
import { expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { freshSchema, sharedPostgres } from '../../store/postgres.ts'
import { emptyFolder, runCli } from '../run-cli.ts'

const LINES = [
  { span_id: 'a'.repeat(16), input_tokens: 100, output_tokens: 20, total_tokens: 120, user_id: 'ada' },
  { span_id: 'b'.repeat(16), input_tokens: 50, output_tokens: 5, total_tokens: 55, user_id: 'bob' },
  { span_id: 'c'.repeat(16), kind: 'tool' as const, billable: 0 as const, tool_name: 'findOrder' },
].map((differences) => toCallLine(call({ project_id: 'shop', ...differences })))

test('every command says of Postgres what it says of a file', async () => {
  const { url } = await sharedPostgres()
  const folder = emptyFolder()
  const databases = ['file:usage.db', `${url}?schema=${freshSchema()}`]
  const commands = [
    ['import', '-'],
    ['report', '--by', 'user', '--format', 'json'],
    ['calls', '--format', 'jsonl'],
    ['export', '--format', 'jsonl'],
    ['prices', 'check', '--format', 'json'],
    ['reprice', '--yes', '--format', 'json'],
    ['budgets', 'add', 'team', '--limit', '50', '--for', 'project=shop'],
    ['rollup', '--check'],
    ['trace', call().trace_id],
    ['migrate', 'status'],
  ]
  for (const parameters of commands) {
    const [file, server] = await Promise.all(
      databases.map(async (db) => {
        const input = parameters[0] === 'import' ? `${LINES.join('\n')}\n` : ''
        const { code, stdout } = await runCli([...parameters, '--db', db], { folder, input })
        return { parameters, code, answer: comparable(stdout) }
      }),
    )
    expect(server).toEqual(file)
    expect(server?.code).toBe(0)
  }
}, 180_000)

// What is made anew in every database: the time of arrival, its order, and ids that nobody named.
function comparable(text: string): string {
  return text
    .replaceAll(/"from": "[^"]+"/g, '"from": "…"')
    .replaceAll(/"(created_at|ingest_seq|repriced_at)":\d+/g, '"$1":0')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, 'ID')
}
