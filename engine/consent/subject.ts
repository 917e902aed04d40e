import { createHash } from 'node:crypto'
import { type ConsentField, consentFields } from '../../shared/consent.ts'
import type { ServerId } from '../../shared/ids.ts'

/** What would run or be connected to, part by part, as text; parts that do not concern it are left out. */
export interface Subject {
  readonly id: ServerId
  readonly texts: Readonly<Partial<Record<ConsentField, string>>>
}

/** One part as it is kept: the digest decides, the text is for people and is masked. */
export interface KeptText {
  readonly digest: string
  readonly text: string
}

export type KeptTexts = Readonly<Record<string, KeptText>>

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Fields that came later: they count only where they are, so that what was agreed to before still holds. */
const late: ReadonlySet<ConsentField> = new Set(['watch'])

/** Names a subject: equal exactly when all its parts are. */
export function hashOf({ texts }: Subject): string {
  const fields = consentFields.filter((field) => !late.has(field) || texts[field] !== undefined)
  return digestOf(JSON.stringify(fields.map((field) => texts[field] ?? null)))
}
