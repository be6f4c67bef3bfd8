// Storing what arrives, in this thread and without HTTP around it.
export { createIngest } from './create-ingest.ts'
export { DEFAULT_LIMITS } from '../limits.ts'
