import type { EngineEvent } from '../../shared/snapshot.ts'
import {
  type DeliverySummary,
  defaultWebhookOptions,
  type WebhookOptions,
  type WebhookSource,
  webhookOptionsSchema,
} from '../../shared/webhooks.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { SecretVault } from '../host.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Store } from '../store/store.ts'
import { DeliveryDesk } from './delivery-desk.ts'
import { SourceBook } from './source-book.ts'

interface Parts {
  store: Pick<Store, 'webhooks' | 'settings'>
  vault: SecretVault | null
  masker: Masker
  bus: EventBus
  publish(event: EngineEvent): void
  report(error: unknown, where: string): void
}

const optionsKey = 'webhooks'
const roundMs = 60_000
const mostKeptBytes = 256 * 1024 ** 2
const mostUnsigned = 1_000
/** GitHub does not sign the time of a delivery: what came once is known for so long. */
const seenDays = 400
const dayMs = 24 * 3600 * 1000

/** Webhooks that come in: who may send them, what came, and how long that is kept. */
export class Webhooks implements Disposable {
  readonly book: SourceBook
  readonly desk: DeliveryDesk
  readonly #parts: Parts
  #options: WebhookOptions
  #timer: NodeJS.Timeout | null = null

  private constructor(parts: Parts, book: SourceBook, options: WebhookOptions) {
    const { store, bus, masker, publish, report } = parts
    this.#parts = parts
    this.#options = options
    this.book = book
    const onChange = (delivery: DeliverySummary): void => publish({ type: 'delivery.changed', delivery })
    this.desk = new DeliveryDesk({ repo: store.webhooks, book, bus, masker, onChange, report })
  }

  /** What stands in the store and is no option counts as none. */
  static async open(parts: Parts): Promise<Webhooks> {
    const { store, vault, masker, publish } = parts
    const onChange = (sources: WebhookSource[]): void => publish({ type: 'webhook_sources.changed', sources })
    const [book, kept] = await Promise.all([
      SourceBook.open({ repo: store.webhooks, vault, masker, onChange }),
      store.settings.get(optionsKey),
    ])
    const read = webhookOptionsSchema.safeParse(kept)
    return new Webhooks(parts, book, read.success ? read.data : defaultWebhookOptions)
  }

  get options(): WebhookOptions {
    return this.#options
  }

  /** In force, and on the disk itself, once it resolves. */
  async setOptions(options: WebhookOptions): Promise<WebhookOptions> {
    await this.#parts.store.settings.set(optionsKey, options)
    this.#options = options
    return options
  }

  /** Hands on what an earlier life left, now that all who listen do, and from then on looks each minute. */
  start(): void {
    this.#timer = setInterval(() => void this.#round(), roundMs)
    this.#timer.unref()
    void this.#round()
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  async #round(): Promise<void> {
    const { store, report } = this.#parts
    const before = (days: number): string => new Date(Date.now() - days * dayMs).toISOString()
    const { keep_days, keep_count } = this.#options
    try {
      await this.desk.resume()
      const limits = {
        keep: keep_count,
        keepBytes: mostKeptBytes,
        keepUnsigned: mostUnsigned,
        forgetBefore: before(seenDays),
      }
      while ((await store.webhooks.prune({ ...limits, before: before(keep_days) })) > 0);
    } catch (error) {
      report(error, 'keeping webhooks')
    }
  }
}
