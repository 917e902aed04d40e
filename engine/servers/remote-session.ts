import type { TransportKind } from '../../shared/server.ts'
import { subjectOf } from '../consent/launch-subject.ts'
import { openRemoteLink } from '../links/open-link.ts'
import { filledRemote } from './filled-remote.ts'
import { type CloseOptions, linkHooks, linkOptions, type Session, type SessionContext } from './session.ts'
import { TrackedLink } from './tracked-link.ts'
import { within } from './within.ts'

/** A server at an address: nothing is spawned, ending it means to close the connection. */
export class RemoteSession implements Session {
  readonly #context: SessionContext
  #link: TrackedLink | null = null

  constructor(context: SessionContext) {
    this.#context = context
  }

  async open(signal: AbortSignal): Promise<{ link: TrackedLink; transport: TransportKind }> {
    const { spec, timeline, era, consent, askedBy, authorizerFor } = this.#context
    timeline.begin('resolve')
    await consent.admit(await subjectOf(spec, this.#context), askedBy)
    const remote = await filledRemote(spec.remote!, this.#context)
    timeline.done('resolve', spec.remote!.url)
    timeline.skip('spawn')
    timeline.begin('first_byte')
    const kind = spec.transport === 'sse' ? 'sse' : 'http'
    const link = await openRemoteLink(
      { url: remote.url, headers: remote.headers, authorizer: authorizerFor(spec.id, remote), kind },
      linkOptions(this.#context, era, signal),
      linkHooks(this.#context),
    )
    this.#link = new TrackedLink(link)
    timeline.done('first_byte')
    timeline.done('handshake', `${link.info.era} ${link.info.protocolVersion}`)
    return { link: this.#link, transport: link.transport }
  }

  ready(): void {}

  async close({ drains, graceMs, force, onRung }: CloseOptions): Promise<null> {
    if (this.#link === null) return null
    if (drains) {
      onRung('drain')
      await within(this.#link.drained(), graceMs, force)
    }
    await this.#link[Symbol.asyncDispose]()
    return null
  }
}
