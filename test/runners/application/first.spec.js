import { ask } from './ask.js'

test('the first file asks twice', async () => {
  expect(await ask('What is a span?')).toBeTruthy()
  expect(await ask('What is a trace?')).toBeTruthy()
})
