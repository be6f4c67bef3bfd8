import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'

const BIN = join(import.meta.dirname, '../../packages/spanledger/bin')

// Stands where the built command does, and shows what it was started with.
const MAIN = `
const [, , wish, ...others] = process.argv
if (others[0] === 'tidily') process.on('SIGTERM', () => process.exit(7))
console.log(process.versions.node.split('.')[0] >= 22 ? 'new' : 'old', wish, others)
if (wish === 'exit') process.exit(5)
if (wish === 'wait') setInterval(() => {}, 1000)`

// Makes one process, not those that it starts, believe that it is Node 20.
const OLD_NODE = `
if (process.env.OLD_NODE === 'this') {
  process.env.OLD_NODE = 'was the parent'
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })
}`

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spanledger-bin-'))
  await cp(BIN, join(folder, 'node_modules/spanledger/bin'), { recursive: true })
  await mkdir(join(folder, 'node_modules/.bin'))
  await symlink('../spanledger/bin/spanledger.js', join(folder, 'node_modules/.bin/spanledger'))
  await writeFile(join(folder, 'node_modules/spanledger/package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'old-node.cjs'), OLD_NODE)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('it starts the built command and ends as that does', async () => {
  await build(MAIN)
  expect(await outcome(start({ old: false }, 'exit', 'a b'))).toEqual({
    code: 5,
    signal: null,
    stdout: `new exit [ 'a b' ]\n`,
    stderr: '',
  })
})

test('on a Node that is too old it goes on with the one from npm', async () => {
  await build(MAIN)
  await bringNode('node_modules/node/bin')
  expect(await outcome(start({ old: true }, 'exit', 'a b'))).toEqual({
    code: 5,
    signal: null,
    stdout: `new exit [ 'a b' ]\n`,
    stderr: '',
  })
})

test('on a Node that is too old it finds the one that another package manager linked', async () => {
  await build(MAIN)
  await bringNode('node_modules/.bin')
  expect(await outcome(start({ old: true }, 'exit'))).toEqual({
    code: 5,
    signal: null,
    stdout: 'new exit []\n',
    stderr: '',
  })
})

test('on a Node that is too old and alone it says which is needed', async () => {
  await build(MAIN)
  expect(await outcome(start({ old: true }, 'exit'))).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: 'spanledger needs Node 22.13 or newer; this is Node 20.20.2\n',
  })
})

test.each([
  ['tidily', { code: 7, signal: null }],
  ['at once', { code: null, signal: 'SIGTERM' }],
])('a signal ends the newer Node %s, and that end is its own', async (manner, expected) => {
  await build(MAIN)
  await bringNode('node_modules/node/bin')
  const child = start({ old: true }, 'wait', manner)
  const ended = outcome(child)
  await once(child.stdout!, 'data')
  child.kill('SIGTERM')
  expect(await ended).toMatchObject(expected)
})

test('where nothing is built it says how to build', async () => {
  expect(await outcome(start({ old: false }))).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: 'spanledger is not built; run `npm run build` first\n',
  })
})

test('a module missing deeper down is not taken for a missing build', async () => {
  await build(`import './deeper.js'`)
  const { code, stderr } = await outcome(start({ old: false }))
  expect(code).toBe(1)
  expect(stderr).toContain('deeper.js')
  expect(stderr).not.toContain('not built')
})

async function build(main: string): Promise<void> {
  await mkdir(join(folder, 'node_modules/spanledger/dist'))
  await writeFile(join(folder, 'node_modules/spanledger/dist/main.js'), main)
}

async function bringNode(place: string): Promise<void> {
  await mkdir(join(folder, place), { recursive: true })
  await symlink(process.execPath, join(folder, place, 'node'))
}

function start({ old }: { readonly old: boolean }, ...args: readonly string[]): ChildProcess {
  const preload = ['--require', join(folder, 'old-node.cjs')]
  const env = { ...process.env, OLD_NODE: old ? 'this' : 'no' }
  return spawn(process.execPath, [...preload, join(folder, 'node_modules/.bin/spanledger'), ...args], { env })
}

interface Outcome {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout!),
    text(child.stderr!),
  ])
  return { code, signal, stdout, stderr }
}
