import type { TransportKind } from '../../shared/server.ts'
import { subjectOf } from '../consent/launch-subject.ts'
import { openRemoteLink } from '../links/open-link.ts'
import { entrySecrets } from '../secrets/entry-secrets.ts'
import { readVariable } from './environment.ts'
import { expandRemote, secretNamesOf } from './expand.ts'
import { readSecrets } from './secrets.ts'
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
    const { spec, host, baseEnv, timeline, era, masker, consent, askedBy } = this.#context
    timeline.begin('resolve')
    await consent.admit(await subjectOf(spec, this.#context), askedBy)
    const secrets = await readSecrets(secretNamesOf(spec.remote!), host.vault)
    const remote = expandRemote(spec.remote!, {
      variable: (name) => readVariable(baseEnv, name, host.platform),
      secret: (name) => secrets.get(name),
    })
    masker.learn([...secrets.values(), ...entrySecrets({ ...remote }).map(({ value }) => value)])
    timeline.done('resolve', spec.remote!.url)
    timeline.skip('spawn')
    timeline.begin('first_byte')
    const kind = spec.transport === 'sse' ? 'sse' : 'http'
    const link = await openRemoteLink(
      { ...remote, kind },
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
