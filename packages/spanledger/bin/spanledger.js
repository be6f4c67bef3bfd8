#!/usr/bin/env node
// Nodes as old as 10 read this file too: it has no syntax and no module that they lack, so that they can say what is missing.
const NEEDED = [22, 13]
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

if (isNewEnough(process.versions.node)) start()
else startOnNewerNode().catch(failOldNode)

function isNewEnough(version) {
  const parts = version.split('.').map(Number)
  return parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1])
}

function start() {
  import('../dist/main.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/[\\/]dist[\\/]main\.js' imported/.test(error.message)) throw error
    fail(1, 'spanledger is not built; run `npm run build` first')
  })
}

async function startOnNewerNode() {
  const modules = await Promise.all([import('fs'), import('path'), import('child_process')])
  const node = findNode(modules[0], modules[1], modules[2])
  if (node) runWith(node, modules[2])
  else failOldNode()
}

// The npm package `node` brings a Node of its own, which a plain shell does not find.
function findNode(fs, path, childProcess) {
  const places = [path.join('node', 'bin', 'node'), path.join('node', 'bin', 'node.exe'), path.join('.bin', 'node')]
  let folder = fs.realpathSync(process.argv[1])
  while (path.dirname(folder) !== folder) {
    folder = path.dirname(folder)
    for (const place of places) {
      const node = path.join(folder, 'node_modules', place)
      if (!fs.existsSync(node)) continue
      const answer = childProcess.spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
      if (answer.status === 0 && isNewEnough(answer.stdout)) return node
    }
  }
  return undefined
}

// From here on this process only stands in for the other: signals go in, its exit code or signal comes out.
function runWith(node, childProcess) {
  const child = childProcess.spawn(node, process.execArgv.concat(process.argv.slice(1)), { stdio: 'inherit' })
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both processes; twice would mean "at once" to the other.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => fail(1, `spanledger could not start ${node}: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

function failOldNode() {
  fail(2, `spanledger needs Node ${NEEDED.join('.')} or newer; this is Node ${process.versions.node}`)
}

function fail(exitCode, message) {
  console.error(message)
  process.exit(exitCode)
}
