export { isOwnThread, type OwnThreadOptions, startOwnThread } from './own-thread.ts'
