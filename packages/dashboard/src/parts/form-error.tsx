import type { JSX } from 'preact'
import { ApiError } from '../api/request.ts'

/** Why the server did not take a form. */
export function FormError({ error }: { readonly error: Error | undefined }): JSX.Element {
  return (
    <div role="alert">
      {error !== undefined && (
        <p class="form-error">
          {error instanceof ApiError && error.field !== undefined ? `${error.field}: ` : ''}
          {error.message}
          {error instanceof ApiError && error.hint !== undefined ? `. ${error.hint}` : ''}
        </p>
      )}
    </div>
  )
}
