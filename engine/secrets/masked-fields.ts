import { AppError } from '../../shared/app-error.ts'
import { mask } from '../../shared/mask.ts'

/** JSON pointers of the fields of a stored value in which something was masked, by their values or by their names. */
export function maskedFields(value: unknown, at = ''): string[] {
  if (typeof value === 'string') return value.includes(mask) ? [at] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const place = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return key.includes(mask) ? [place] : maskedFields(item, place)
  })
}

/** @throws AppError `masked_fields` (409) with the fields, when a stored call can only be repeated with their values. */
export function refuseMasked(parameters: unknown): void {
  const fields = maskedFields(parameters)
  if (fields.length === 0) return
  const which = fields.length === 1 ? `${fields[0]} was` : `${fields.join(', ')} were`
  throw new AppError('masked_fields', `${which} not kept, because a secret stood there.`, {
    status: 409,
    hint: 'Run the tool again from the runner and fill in what is missing.',
    data: { fields },
  })
}
