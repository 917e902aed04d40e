import type { Router } from '@orpc/server'
import type { contract } from '../../shared/contract.ts'

/** What every procedure learns about its caller. `origin` is `page`, `terminal` or `api`. */
export interface CallContext {
  readonly origin: string
}

/** Any implementation of the contract: what the faces are mounted on. */
export type ApiRouter = Router<typeof contract, CallContext>
