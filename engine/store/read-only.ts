import { AppError } from '../../shared/app-error.ts'

/** What every write to a store that is open for reading only is answered with. */
export function readOnly(): AppError {
  return new AppError('store_read_only', 'The store is open for reading only: nothing new is kept', {
    status: 409,
    hint: 'The banner at the top says why.',
  })
}
