import { AppError } from '../../shared/app-error.ts'
import type { DomainEvent } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { Delivery, DeliverySummary, Verdict } from '../../shared/webhooks.ts'
import type { EventBus } from '../events/event-bus.ts'
import { TokenBucket } from '../limits/token-bucket.ts'
import type { Masker } from '../secrets/masker.ts'
import type { NewDelivery, SeenCheck, WebhookRepo } from '../store/webhook-repo.ts'
import { provenBy } from './prove.ts'
import { BodyReader } from './read-body.ts'
import { type ContentKind, contentKindOf } from './read-content.ts'
import { readDelivery } from './read-delivery.ts'
import type { SourceBook } from './source-book.ts'
import { placeOf } from './webhook-place.ts'

interface Parts {
  repo: WebhookRepo
  book: Pick<SourceBook, 'sendingTo'>
  bus: Pick<EventBus, 'hand'>
  masker: Masker
  onChange(delivery: DeliverySummary): void
  report(error: unknown, where: string): void
}

/** A request to `/webhooks/…` before anything is known of it. */
export interface Incoming {
  readonly path: string
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | null
}

/** `id`: of the delivery; null for a refused one of which no record is kept. */
export interface Taken {
  readonly id: string | null
  readonly verdict: Verdict
}

/** Of the body of a delivery, in characters: what was refused is not worth more than its beginning. */
const keptOfTaken = 64 * 1024
const keptOfRefused = 4 * 1024

/** Anybody who reaches us may be refused as often as they like, but not fill the store. */
const refusedOnRecord = { calls: 60, per_s: 60 }

/** Takes deliveries: proves them, puts them on record, and hands their events on afterwards. */
export class DeliveryDesk {
  readonly #parts: Parts
  readonly #bodies = new BodyReader()
  readonly #refusals = new TokenBucket(refusedOnRecord, performance.now())
  #unrecorded = 0
  readonly #inHand = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Resolves once the delivery is on record.
   * @throws AppError `too_busy`, and what the store refuses (503): then the sender is to try again.
   */
  async take({ path, headers, body }: Incoming): Promise<Taken> {
    const at = new Date()
    const facts = { id: uuidV7(), at: at.toISOString(), path: this.#cut(path, 300), headers: this.#shown(headers) }
    const contentKind = headers.has('content-encoding') ? null : contentKindOf(headers.get('content-type'))
    if (contentKind === null) return this.#refuse(facts, headers, 'bad_content_type', wrongContent, Buffer.alloc(0))
    const read = await this.#bodies.read(body, Number(headers.get('content-length') ?? 0))
    if (read.kind === 'busy') throw tooBusy()
    if (read.kind === 'too_large')
      return this.#refuse(facts, headers, 'too_large', 'Its body is over 25 MB.', read.bytes)
    const place = placeOf(path)
    const sources = place.kind === 'nobody' ? [] : this.#parts.book.sendingTo(place)
    const signed = { header: (name: string) => headers.get(name), body: read.bytes, nowMs: at.getTime() }
    const proof = provenBy(sources, signed)
    if (proof.kind === 'refused') return this.#refuse(facts, headers, proof.verdict, proof.why, read.bytes)
    const { source, sentId, keys } = proof
    const reading = readDelivery({ place, source: source.name, sentId, headers, contentKind, bytes: read.bytes })
    const told = reading.kind === 'event' ? reading : { event: null, about: null, occurredAt: null, ...reading }
    const taken = await this.#record(
      {
        ...facts,
        source: source.name,
        sent_id: sentId,
        sent_event: told.sentEvent,
        verdict: reading.kind === 'event' ? 'accepted' : reading.verdict,
        why: reading.kind === 'event' ? null : reading.why,
        event: told.event?.name ?? null,
        about: told.about,
        occurred_at: told.occurredAt,
        bytes: read.bytes.length,
        redelivery_of: null,
        ...this.#keptBody(read.bytes, keptOfTaken, contentKind),
        payload: told.event === null ? null : this.#parts.masker.json(told.event.payload),
      },
      // What is refused after all may come again: its sender may mend it.
      reading.kind === 'event' ? { source_id: source.id, keys } : null,
    )
    return { id: taken.id, verdict: taken.verdict }
  }

  /** The event of a delivery once more. @throws AppError `unknown_delivery` (404), `nothing_to_redeliver` (409). */
  async redeliver(id: string): Promise<DeliverySummary> {
    const { is_late, handled_at, ...delivery } = await this.get(id)
    if (delivery.payload === null) throw nothingToRedeliver(delivery.verdict)
    const again = { id: uuidV7(), at: new Date().toISOString(), redelivery_of: id, occurred_at: null }
    return this.#record({ ...delivery, ...again }, null)
  }

  /** @throws AppError `unknown_delivery` (404). */
  async get(id: string): Promise<Delivery> {
    const found = await this.#parts.repo.get(id)
    if (found !== null) return found
    throw new AppError('unknown_delivery', 'There is no such delivery.', {
      status: 404,
      hint: 'List them with GET /api/v1/webhook-deliveries; old ones are removed.',
    })
  }

  /** Hands on what is on record and never was: of a life that ended before, or that a listener could not take. */
  async resume(): Promise<void> {
    for (const delivery of await this.#parts.repo.waiting()) void this.#handOn(delivery)
  }

  async #refuse(
    facts: Pick<NewDelivery, 'id' | 'at' | 'path' | 'headers'>,
    headers: Headers,
    verdict: Verdict,
    why: string,
    body: Buffer,
  ): Promise<Taken> {
    if (this.#refusals.waitMs(performance.now()) > 0) {
      this.#unrecorded += 1
      return { id: null, verdict }
    }
    this.#refusals.take(performance.now())
    const more = this.#unrecorded === 0 ? '' : ` ${this.#unrecorded} refused before it are not on record.`
    this.#unrecorded = 0
    const sentEvent = headers.get('x-github-event')
    const sentId = headers.get('x-github-delivery') ?? headers.get('webhook-id')
    try {
      await this.#record(
        {
          ...facts,
          source: null,
          sent_id: sentId === null ? null : this.#cut(sentId, 200),
          sent_event: sentEvent === null ? null : this.#cut(sentEvent, 100),
          verdict,
          why: why + more,
          event: null,
          about: null,
          occurred_at: null,
          bytes: body.length,
          redelivery_of: null,
          ...this.#keptBody(body, keptOfRefused, null),
          payload: null,
        },
        null,
      )
      return { id: facts.id, verdict }
    } catch (error) {
      // The refusal stands with or without its record; what ails the store is told by the store.
      if (error instanceof AppError) return { id: null, verdict }
      throw error
    }
  }

  async #record(delivery: NewDelivery, check: SeenCheck | null): Promise<DeliverySummary> {
    const { payload, body, ...facts } = delivery
    const recorded = await this.#parts.repo.record({ ...this.#parts.masker.json(facts), payload, body }, check)
    this.#parts.onChange(recorded)
    if (recorded.event !== null) void this.#handOn({ ...recorded, payload: delivery.payload })
    return recorded
  }

  async #handOn(delivery: DeliverySummary & Pick<Delivery, 'payload'>): Promise<void> {
    const { id, at, event: name, is_late } = delivery
    if (this.#inHand.has(id)) return
    this.#inHand.add(id)
    try {
      const payload = { ...(delivery.payload as object), ...(is_late && { is_late: true }) }
      await this.#parts.bus.hand({ id, at, name, version: 1, payload } as DomainEvent)
      const { payload: _, ...summary } = { ...delivery, handled_at: new Date().toISOString() }
      await this.#parts.repo.setHandled(id, summary.handled_at)
      this.#parts.onChange(summary)
    } catch (error) {
      // It still waits on record, and is handed on again.
      this.#parts.report(error, `the delivery ${id}`)
    } finally {
      this.#inHand.delete(id)
    }
  }

  #shown(headers: Headers): [string, string][] {
    return [...headers].map(([name, value]) => {
      const [shown] = Object.values(this.#parts.masker.json({ [name]: value }))
      return [name, this.#cut(shown ?? '', 2_000)]
    })
  }

  #keptBody(bytes: Buffer, most: number, kind: ContentKind | null): { body: string; is_cut: boolean } {
    // A character is a byte at least, and a secret may lie across the cut: it is masked in the whole.
    const text = bytes.toString('utf8')
    const masked = kind === 'json' ? this.#masked(text) : this.#parts.masker.text(text)
    return { body: masked.slice(0, most), is_cut: masked.length > most }
  }

  #masked(text: string): string {
    try {
      return this.#parts.masker.jsonText(text)
    } catch {
      // No JSON after all.
      return this.#parts.masker.text(text)
    }
  }

  #cut(text: string, most: number): string {
    return this.#parts.masker.text(text).slice(0, most)
  }
}

const wrongContent = 'It is neither JSON nor a form, or compressed.'

function tooBusy(): AppError {
  return new AppError('too_busy', 'Too many webhooks come in at once.', { status: 503, hint: 'Send it again later.' })
}

function nothingToRedeliver(verdict: Verdict): AppError {
  return new AppError('nothing_to_redeliver', `The delivery became no event: ${verdict.replaceAll('_', ' ')}.`, {
    status: 409,
    hint: 'Mend what is wrong with it and have its sender send it again.',
  })
}
