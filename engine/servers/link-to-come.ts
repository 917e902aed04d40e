import { failureOf } from '../../shared/app-error.ts'
import type { ForwardOptions, Link, RawAnswer } from '../links/link.ts'

/** A link that is still being opened: what is sent over it waits, and can be given up meanwhile. */
export class LinkToCome implements Pick<Link, 'forward'> {
  readonly #link: Promise<Link>

  constructor(link: Promise<Link>) {
    this.#link = link
  }

  async forward(method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer> {
    const { promise: givenUp, resolve } = Promise.withResolvers<'given_up'>()
    const giveUp = (): void => resolve('given_up')
    options.onCancellable?.(giveUp)
    options.signal?.addEventListener('abort', giveUp, { once: true })
    if (options.signal?.aborted) giveUp()
    try {
      const link = await Promise.race([this.#link, givenUp])
      return link === 'given_up' ? { kind: 'cancelled' } : await link.forward(method, paramsText, options)
    } catch (error) {
      return { kind: 'closed', failure: failureOf(error) }
    } finally {
      options.signal?.removeEventListener('abort', giveUp)
    }
  }
}
