import type { Router } from '@orpc/server'
import type { contract } from '../../shared/contract.ts'
import type { CallContext } from '../router.ts'

/** Any implementation of the contract: what the HTTP face is mounted on. */
export type ApiRouter = Router<typeof contract, CallContext>

/** Where REST lies. */
export const apiPrefix = '/api/v1'
