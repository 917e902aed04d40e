import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { customContract } from '../../shared/custom-contract.ts'
import type { CallContext } from '../router.ts'
import type { CustomServers } from './custom-servers.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof customContract, CallContext, CallContext>

/** Servers of one's own: `customContract`, a line a procedure. */
export function customRoutes(os: Pick<Routes, keyof typeof customContract>, { custom }: { custom: CustomServers }) {
  return {
    custom: {
      begin: os.custom.begin.handler(({ input, context }) => custom.begin(input, context.origin)),
    },
  }
}
