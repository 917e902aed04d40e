import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { limitsContract } from '../../shared/limits-contract.ts'
import type { CallContext } from '../router.ts'
import type { KeptResults } from './kept-results.ts'
import type { LimitsBook } from './limits-book.ts'

interface Parts {
  readonly limits: LimitsBook
  readonly kept: KeptResults
}

type Routes = ImplementerInternalWithMiddlewares<typeof limitsContract, CallContext, CallContext>

/** The part of the contract about limits and what they keep. */
export function limitsRoutes(os: Pick<Routes, keyof typeof limitsContract>, { limits, kept }: Parts) {
  const state = () => ({ limits: [...limits.limits], circuits: limits.circuits() })
  return {
    limits: {
      get: os.limits.get.handler(state),
      set: os.limits.set.handler(async ({ input }) => {
        await limits.set(input.limits)
        return state()
      }),
      closeCircuit: os.limits.closeCircuit.handler(({ input }) => ({ closed: limits.closeCircuit(input.server) })),
      result: os.limits.result.handler(async ({ input: { task_id } }) => {
        const text = await kept.read(task_id)
        return { task_id, bytes: Buffer.byteLength(text), text }
      }),
    },
  }
}
