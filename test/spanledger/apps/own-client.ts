// Asks the provider with a client of its own, which makes no spans. Second argument: through what; third: how to end.
import { request } from 'node:http'
import { register } from 'spanledger'

const [, , baseURL = '', client = 'fetch', end = 'naturally'] = process.argv
const telemetry = register()
const url = `${baseURL}/chat/completions`
const body = JSON.stringify({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'What is a span?' }] })
const headers = { 'content-type': 'application/json', authorization: 'Bearer test' }
if (client === 'fetch') await (await fetch(url, { method: 'POST', headers, body })).text()
if (client === 'node:http') {
  await new Promise((resolve) => {
    request(url, { method: 'POST', headers }, (answer) => answer.resume().on('end', resolve)).end(body)
  })
}
if (client === 'nothing') await (await fetch(new URL('/', baseURL))).text()
if (end === 'exit') process.exit(3)
if (end === 'shutdown') await telemetry.shutdown()
if (end === 'wait') {
  setInterval(() => {}, 1000)
  process.stdout.write('ready\n')
}
