import { AppError } from '../../shared/app-error.ts'
import type { Page } from './store.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The opaque `before` of a key: where the page that follows begins. */
function encodeKey(key: string | number): string {
  return Buffer.from(String(key)).toString('base64url')
}

/** The id in a `before`; AppError `invalid_before` where there is none. */
export function decodeId(before: string): string {
  const id = decode(before)
  if (!uuid.test(id)) throw invalidBefore(before)
  return id
}

/** The number in a `before`; AppError `invalid_before` where there is none. */
export function decodeSeq(before: string): number {
  const text = decode(before)
  const seq = Number(text)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(seq)) throw invalidBefore(before)
  return seq
}

/** A page out of one row more than the page holds: that row says that there is another page. */
export function pageOf<T>(rows: readonly T[], limit: number, key: (row: T) => string | number): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_before: rows.length > limit && last !== undefined ? encodeKey(key(last)) : null }
}

/** Node decodes what is no base64url as well as it can, so the way back must give the same text. */
function decode(before: string): string {
  const text = Buffer.from(before, 'base64url').toString('utf8')
  if (encodeKey(text) !== before) throw invalidBefore(before)
  return text
}

function invalidBefore(before: string): AppError {
  return new AppError('invalid_before', `"${before}" is not the \`next_before\` of a page`, {
    status: 400,
    hint: 'Pass `next_before` of the page before, unchanged, or leave `before` out for the newest page.',
  })
}
