import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { emptyFolder, folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const MANIFEST = JSON.parse(
  readFileSync(new URL('../../../packages/spanledger/package.json', import.meta.url), 'utf8'),
) as {
  version: string
}

describe('help', () => {
  test('names every command', async () => {
    const { code, stdout, stderr } = await runCli(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [, commands = ''] = stdout.split('Commands:')
    const names = [...commands.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1])
    expect(names.filter((name) => name !== 'spanledger')).toEqual([
      'demo',
      'serve',
      'tail',
      'report',
      'spend',
      'calls',
      'trace',
      'import',
      'export',
      'prices',
      'reprice',
      'budgets',
      'prune',
      'rollup',
      'drain',
      'migrate',
      'doctor',
      'help',
    ])
  })

  test.each(['report', 'calls', 'import', 'export', 'reprice'])('of %s names its options', async (name) => {
    const { code, stdout, stderr } = await runCli([name, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: spanledger ${name} [options]`)
    expect(stdout).toContain('--db <url>')
  })

  test('is what a bare command gets, as wrong usage', async () => {
    const { code, stdout, stderr } = await runCli([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: spanledger /)
  })
})

test('--version is that of the package', async () => {
  expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${MANIFEST.version}\n`, stderr: '' })
})

describe('wrong usage exits 2 with a sentence', () => {
  const GROUPINGS =
    'model, provider, operation, callType, project, user, session, company, task, trace, service, environment, kind, status, tool, requestedModel, tag, day, hour, week, month'
  test.each([
    [['report', '--by', 'color'], `Unknown grouping "color"; use ${GROUPINGS}`],
    [['report', '--format', 'xml'], 'Unknown format "xml"; use table, json, jsonl, csv'],
    [['export', '--format', 'table'], 'Unknown format "table"; use jsonl, json, csv'],
    [['report', '--since', 'soon'], '--since "soon" must be a time; use 24h, 7d, 2026-11-01 or 2026-11-01T08:00'],
    [
      ['calls', '--until', '2026-02-30'],
      '--until "2026-02-30" must be a time; use 24h, 7d, 2026-11-01 or 2026-11-01T08:00',
    ],
    [
      ['calls', '--since', '2026-11-01T25:00'],
      '--since "2026-11-01T25:00" must be a time; use 24h, 7d, 2026-11-01 or 2026-11-01T08:00',
    ],
    [
      ['report', '--since', '20261101'],
      '--since "20261101" must be a time; use 24h, 7d, 2026-11-01 or 2026-11-01T08:00',
    ],
    [
      ['report', '--since', '2026-02-02', '--until', '2026-02-01'],
      '--until 2026-02-01 must be after --since 2026-02-02; swap them or widen the range',
    ],
    [
      ['report', '--tz', 'Mars/Base'],
      '--tz "Mars/Base" must be an IANA time zone; use a name such as Europe/Berlin or UTC',
    ],
    [['report', '--tz', '+02:00'], '--tz "+02:00" must be an IANA time zone; use a name such as Europe/Berlin or UTC'],
    [['calls', '--status', 'bad'], 'Unknown status "bad"; use ok, error, aborted, abandoned, crashed, open'],
    [['calls', '--limit', '0'], '--limit "0" must be a number from 1 to 1000; "spanledger export" has no limit'],
    [['import', 'x', '--content', 'some'], 'Unknown content mode "some"; use none, preview, full'],
    [
      ['report', '--db', 'mysql://me:secret@host/db'],
      'Cannot store calls in "mysql://…@host/db"; use file:usage.db, file:/path/to/usage.db or postgres://user@host/database',
    ],
  ])('%j', async (parameters, sentence) => {
    const folder = await folderWithCalls([call()])
    const db = parameters.includes('--db') ? [] : ['--db', 'file:usage.db']
    expect(await runCli([...parameters, ...db], { folder })).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
  })

  test.each([
    [['reprot'], "error: unknown command 'reprot'\n(Did you mean report?)"],
    [['report', '--fromat', 'json'], "error: unknown option '--fromat'\n(Did you mean --format?)"],
    [['import'], "error: missing required argument 'file'"],
    [['report', 'extra'], "error: too many arguments for 'report'. Expected 0 arguments but got 1: extra."],
  ])('%j', async (parameters, message) => {
    const { code, stdout, stderr } = await runCli(parameters)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(`${message}\nAdd --help to see the commands and options.\n`)
  })
})

describe('a database', () => {
  test.each(['report', 'calls', 'export'])('that is missing is named by %s, and not made', async (name) => {
    const folder = emptyFolder()
    const path = join(folder, 'usage.db')
    const { code, stdout, stderr } = await runCli([name, '--db', 'file:usage.db'], { folder })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `No database at ${path}; run your application with spanledger/register, or pass --db file:path\n`,
    )
  })

  test('is the one of SPANLEDGER_DATABASE, else in .spanledger', async () => {
    const folder = await folderWithCalls([call({ model: 'from-environment' })])
    const named = await runCli(['calls', '--format', 'jsonl'], {
      folder,
      env: { SPANLEDGER_DATABASE: 'file:usage.db' },
    })
    expect(jsonLines(named.stdout)).toMatchObject([{ model: 'from-environment' }])
    const missing = await runCli(['calls'], { folder })
    expect(missing.stderr).toContain(`No database at ${join(folder, '.spanledger/usage.db')};`)
  })

  test.each([
    ['of something else', otherDatabase, /belongs to another application and was left unchanged; /],
    [
      'that is no database',
      (path: string) => writeFileSync(path, 'hello '.repeat(1000)),
      /is not a SQLite database and was left unchanged; /,
    ],
    ['that is a folder', (path: string) => mkdirSync(path), /is a folder; name a file in it/],
  ])('%s is one sentence, without a stack', async (_, make, sentence) => {
    const folder = emptyFolder()
    make(join(folder, 'usage.db'))
    const { code, stdout, stderr } = await runCli(['report', '--db', 'file:usage.db'], { folder })
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 1, stdout: '', lines: 2 })
    expect(stderr).toMatch(sentence)
  })
})

test('nothing has colour when it goes to a pipe', async () => {
  const folder = await folderWithCalls([call()])
  const shown = await runCli(['calls', '--db', 'file:usage.db'], { folder })
  const failed = await runCli(['report', '--db', 'file:none.db'], { folder })
  expect(`${shown.stdout}${shown.stderr}${failed.stderr}`).not.toContain('\u001B')
})

function otherDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE notes (text TEXT)')
  database.close()
}
