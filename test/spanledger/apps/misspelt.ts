// Misspells an option, as JavaScript lets it.
import { register } from 'spanledger'

const options: object = { databse: 'file:usage.db' }
register(options)
register(options)
