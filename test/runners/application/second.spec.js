import { ask } from './ask.js'

test('the second file asks once', async () => {
  expect(await ask('What is a metric?')).toBeTruthy()
})
