import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { callbacksContract } from '../../shared/callbacks-contract.ts'
import type { CallContext } from '../router.ts'
import type { Callbacks } from './callbacks.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof callbacksContract, CallContext, CallContext>

/** Callbacks: `callbacksContract`, a line a procedure. */
export function callbacksRoutes(os: Pick<Routes, 'callbacks'>, { callbacks }: { readonly callbacks: Callbacks }) {
  return {
    callbacks: {
      get: os.callbacks.get.handler(({ input }) => callbacks.of(input.task_id)),
      redeliver: os.callbacks.redeliver.handler(({ input }) => callbacks.redeliver(input.task_id)),
      signingKey: os.callbacks.signingKey.handler(() => ({
        key: callbacks.signingKey,
        scheme: 'standard-webhooks-1' as const,
      })),
    },
  }
}
