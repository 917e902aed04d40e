import { AppError } from '../../shared/app-error.ts'
import { type Consent, type ConsentField, consentFields } from '../../shared/consent.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ConsentRecord, ConsentRepo } from '../store/store.ts'
import type { ConsentGate } from './consent-gate.ts'
import { digestOf, hashOf, type KeptTexts, type Subject } from './subject.ts'
import { definitionOf, pinsOf, shownText, unpinned } from './tool-pins.ts'

interface Parts {
  repo: ConsentRepo
  masker: Masker
  /** An agreement holds for this life of the program even where it cannot be recorded. */
  onUnrecorded(id: ServerId, error: unknown): void
}

/** What people agreed to: for each server what it launches, and the tools first seen then. */
export class ConsentBook implements ConsentGate {
  readonly #parts: Parts
  readonly #records: Map<ServerId, ConsentRecord>

  private constructor(parts: Parts, records: readonly ConsentRecord[]) {
    this.#parts = parts
    this.#records = new Map(records.map((record) => [record.server, record]))
  }

  static async open(parts: Parts): Promise<ConsentBook> {
    return new ConsentBook(parts, await parts.repo.all())
  }

  async admit(subject: Subject, askedBy: string | null): Promise<void> {
    const record = this.#records.get(subject.id)
    if (record?.hash === hashOf(subject)) return
    if (askedBy !== null) return this.#agree(subject, askedBy, null)
    const changed = record === undefined ? [] : changedFields(subject, record.fields)
    const message =
      record === undefined
        ? 'Nobody has agreed to run it yet'
        : `Changed since you agreed to run it: ${changed.join(', ')}`
    throw new AppError('needs_consent', message, { hint: 'Look at what would run, then approve it or start it.' })
  }

  held(id: ServerId, tools: readonly Tool[]): string[] {
    const record = this.#records.get(id)
    if (record === undefined) return tools.map(({ name }) => name)
    // Who agreed to a source that is watched agreed to the tools that it comes to have.
    const isWatched = record.fields.watch !== undefined
    if (record.tools !== null && !isWatched) return unpinned(tools, record.tools)
    void this.#keep({ ...record, tools: this.#pins(tools) })
    return []
  }

  review(subject: Subject, tools: readonly Tool[]): Consent {
    const record = this.#records.get(subject.id)
    const hash = hashOf(subject)
    const pins = record?.tools ?? null
    const held = new Set(pins === null ? [] : unpinned(tools, pins))
    const definitions = new Map(
      tools.map((tool) => [tool.name, this.#parts.masker.text(shownText(definitionOf(tool)))]),
    )
    const changed = new Set<string>(record === undefined ? consentFields : changedFields(subject, record.fields))
    return {
      status: record === undefined ? 'new' : record.hash === hash ? 'agreed' : 'changed',
      seen: seenOf(subject, tools),
      agreed_at: record?.agreed_at ?? null,
      agreed_by: record?.agreed_by ?? null,
      fields: consentFields.flatMap((field) => {
        const before = record?.fields[field]?.text ?? null
        const text = subject.texts[field]
        const after = text === undefined ? null : this.#parts.masker.text(text)
        return before === null && after === null ? [] : [{ field, before, after, is_changed: changed.has(field) }]
      }),
      tools: [...held].map((name) => ({
        name,
        before: pins?.[name]?.text ?? null,
        after: definitions.get(name) ?? null,
      })),
    }
  }

  async approve(subject: Subject, tools: readonly Tool[] | null, by: string, seen: string | undefined): Promise<void> {
    if (seen !== undefined && seen !== seenOf(subject, tools ?? [])) {
      throw new AppError('consent_stale', 'It changed again since you looked at it.', {
        status: 409,
        hint: 'Look at what would run now, then approve that.',
      })
    }
    const isSame = this.#records.get(subject.id)?.hash === hashOf(subject)
    const listed = tools === null ? null : this.#pins(tools)
    // What an older launch had listed says nothing about the new one: its first list will be pinned.
    await this.#agree(subject, by, isSame ? (listed ?? this.#records.get(subject.id)!.tools) : listed)
  }

  async #agree(subject: Subject, by: string, tools: KeptTexts | null): Promise<void> {
    const texts = Object.entries(subject.texts).filter(
      (entry): entry is [ConsentField, string] => entry[1] !== undefined,
    )
    const fields = Object.fromEntries(
      texts.map(([field, text]) => [field, { digest: digestOf(text), text: this.#parts.masker.text(text) }]),
    )
    const agreed_at = new Date().toISOString()
    await this.#keep({ server: subject.id, hash: hashOf(subject), fields, tools, agreed_at, agreed_by: by })
  }

  #pins(tools: readonly Tool[]): KeptTexts {
    return pinsOf(tools, (text) => this.#parts.masker.text(text))
  }

  #keep(record: ConsentRecord): Promise<void> {
    this.#records.set(record.server, record)
    return this.#parts.repo.set(record).catch((error: unknown) => this.#parts.onUnrecorded(record.server, error))
  }
}

function seenOf(subject: Subject, tools: readonly Tool[]): string {
  return digestOf(JSON.stringify([hashOf(subject), tools.map(definitionOf)]))
}

function changedFields({ texts }: Subject, kept: KeptTexts): ConsentField[] {
  return consentFields.filter((field) => {
    const text = texts[field]
    return (text === undefined ? undefined : digestOf(text)) !== kept[field]?.digest
  })
}
