import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { ServerId } from '../../shared/ids.ts'
import { readyMadeRules } from '../../shared/ready-made-rules.ts'
import type { webhooksContract } from '../../shared/webhooks-contract.ts'
import type { Host } from '../host.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { CallContext } from '../router.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Store } from '../store/store.ts'
import { missedDeliveries } from './missed-deliveries.ts'
import type { Webhooks } from './webhooks.ts'

interface Parts {
  readonly webhooks: Webhooks
  readonly store: Pick<Store, 'webhooks'>
  readonly outbound: OutboundClient
  readonly host: Pick<Host, 'vault' | 'version'>
  readonly masker: Masker
}

type Routes = ImplementerInternalWithMiddlewares<typeof webhooksContract, CallContext, CallContext>

/** The part of the contract about webhooks that come in. */
export function webhooksRoutes(
  os: Pick<Routes, keyof typeof webhooksContract>,
  { webhooks, store, outbound, host, masker }: Parts,
) {
  const { book, desk } = webhooks
  return {
    webhooks: {
      sources: os.webhooks.sources.handler(() => ({ items: book.list() })),
      createSource: os.webhooks.createSource.handler(({ input: { name, signing, secret } }) =>
        book.create(name, signing, secret),
      ),
      addSecret: os.webhooks.addSecret.handler(({ input }) => book.addSecret(input.id, input.secret)),
      removeSecret: os.webhooks.removeSecret.handler(({ input }) => book.removeSecret(input.id, input.secret_id)),
      removeSource: os.webhooks.removeSource.handler(async ({ input }) => {
        await book.remove(input.id)
        return { removed: true }
      }),
      deliveries: os.webhooks.deliveries.handler(({ input }) => store.webhooks.list(input)),
      delivery: os.webhooks.delivery.handler(({ input }) => desk.get(input.id)),
      redeliver: os.webhooks.redeliver.handler(({ input }) => desk.redeliver(input.id)),
      missed: os.webhooks.missed.handler(({ input, signal }) =>
        missedDeliveries(
          input,
          { repo: store.webhooks, book, outbound, vault: host.vault, masker, version: host.version },
          signal ?? new AbortController().signal,
        ),
      ),
      readyMadeRules: os.webhooks.readyMadeRules.handler(({ input: { github = 'github' as ServerId } }) => ({
        items: readyMadeRules(github),
      })),
      options: os.webhooks.options.handler(() => webhooks.options),
      setOptions: os.webhooks.setOptions.handler(({ input }) => webhooks.setOptions(input)),
    },
  }
}
