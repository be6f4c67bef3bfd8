import type { JSX } from 'preact'
import { ApiError } from '../api/request.ts'

/** Why the server rejected a form. */
export function FormError({ error }: { readonly error: Error | undefined }): JSX.Element {
  return (
    <div role="alert">
      {error !== undefined && (
        <p class="form-error">
          {error.message}
          {error instanceof ApiError && error.hint !== undefined ? `. ${error.hint}` : ''}
        </p>
      )}
    </div>
  )
}
