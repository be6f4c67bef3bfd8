// The way out that the warning names: the code that imports `ai` is loaded after `register()`.
import { register } from 'spanledger'

register()
await import('./four-to-six.mjs')
