import { errorCodeOf } from '@spanledger/core'

/** Whether the file system failed with this code, such as `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return errorCodeOf(error) === code
}

/** Whether the disk is full, or this user's part of it. */
export function isDiskFull(error: unknown): boolean {
  return isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT')
}

/** Whether the disk itself failed. False where the system only does not support what was asked of it. */
export function isDiskFailure(error: unknown): boolean {
  return isDiskFull(error) || isCode(error, 'EIO') || isCode(error, 'EROFS')
}
