import { AppError } from '../../shared/app-error.ts'

/**
 * The value of an `Idempotency-Key` header: the structured string of the IETF draft, or the bare text that many clients
 * send. Undefined where there is none. Throws `invalid_idempotency_key` (400).
 */
export function idempotencyKeyOf(headers: Headers): string | undefined {
  const sent = headers.get('idempotency-key')
  if (sent === null) return undefined
  const text = sent.trim()
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1')
  const key = quoted ?? text
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key
  throw new AppError('invalid_idempotency_key', 'Idempotency-Key must hold 1 to 255 printable ASCII characters.', {
    hint: 'A UUID in quotes does well: Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324".',
    status: 400,
  })
}
