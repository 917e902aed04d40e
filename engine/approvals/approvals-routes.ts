import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { approvalsContract } from '../../shared/approvals-contract.ts'
import type { CallContext } from '../router.ts'
import type { Store } from '../store/store.ts'
import type { ApprovalDesk } from './approval-desk.ts'

interface Parts {
  readonly desk: ApprovalDesk
  readonly store: Pick<Store, 'approvals'>
}

type Routes = ImplementerInternalWithMiddlewares<typeof approvalsContract, CallContext, CallContext>

/** The part of the contract about calls that wait for a person. */
export function approvalsRoutes(os: Pick<Routes, keyof typeof approvalsContract>, { desk, store }: Parts) {
  return {
    approvals: {
      list: os.approvals.list.handler(() => ({ items: desk.list() })),
      get: os.approvals.get.handler(({ input }) => desk.get(input.id)),
      decide: os.approvals.decide.handler(({ input, context }) => desk.decide(input, context.origin)),
      rules: os.approvals.rules.handler(() => ({ items: [...desk.rules] })),
      saveRule: os.approvals.saveRule.handler(({ input }) => desk.saveRule(input)),
      removeRule: os.approvals.removeRule.handler(async ({ input }) => ({ removed: await desk.removeRule(input.id) })),
      remembered: os.approvals.remembered.handler(() => ({ items: desk.remembered() })),
      revoke: os.approvals.revoke.handler(async ({ input }) => ({ revoked: await desk.revoke(input.id) })),
      history: os.approvals.history.handler(({ input }) => store.approvals.list(input)),
    },
  }
}
