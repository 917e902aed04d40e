import { ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import type { contract } from '../../shared/contract.ts'

/** The engine as the page calls it: one function a procedure of the contract. */
export type EngineClient = ContractRouterClient<typeof contract>

/** What went wrong in a call, for people. The engine sends code, message and hint; the rest is ours. */
export function callFailure(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const hint = typeof error.data === 'object' && error.data !== null && 'hint' in error.data ? error.data.hint : null
    // The library's own codes are upper case.
    return { code: error.code.toLowerCase(), message: error.message, hint: typeof hint === 'string' ? hint : null }
  }
  return failureOf(error)
}

export const notConnected = new AppError('not_connected', 'Signalbox does not answer', {
  hint: 'It is being reconnected. Try again in a moment.',
})
