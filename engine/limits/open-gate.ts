import { ApprovalDesk } from '../approvals/approval-desk.ts'
import { HeldNotices } from '../approvals/held-notices.ts'
import type { EngineFacts } from '../events/engine-facts.ts'
import type { News } from '../news.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { Store } from '../store/store.ts'
import { CallGate } from './call-gate.ts'
import { KeptResults } from './kept-results.ts'
import { LimitsBook } from './limits-book.ts'

interface OpenGateParts {
  readonly home: string
  readonly store: Pick<Store, 'settings' | 'approvals'>
  readonly supervisor: Pick<Supervisor, 'listing'>
  readonly masker: Masker
  readonly publish: News['publish']
  readonly raise: News['raise']
  readonly facts: Pick<EngineFacts, 'approvalAsked' | 'approvalDecided'>
}

interface OpenGate {
  readonly gate: CallGate
  readonly limits: LimitsBook
  readonly desk: ApprovalDesk
  readonly kept: KeptResults
}

/** What stands before every call, and what keeps it. @throws AppError `approval_rules_broken`. */
export async function openGate({
  home,
  store,
  supervisor,
  masker,
  publish,
  raise,
  facts,
}: OpenGateParts): Promise<OpenGate> {
  const limits = await LimitsBook.open(store.settings)
  const kept = new KeptResults(home)
  const desk = await ApprovalDesk.open({
    settings: store.settings,
    decisions: store.approvals,
    masker,
    onDecided: (decision) => facts.approvalDecided(decision),
    onHeld: (approval) => {
      publish({ type: 'approval.held', approval })
      facts.approvalAsked(approval)
      notices.add()
    },
    onSettled: (id) => publish({ type: 'approval.settled', id }),
  })
  const notices = new HeldNotices({ waiting: () => desk.list(), raise })
  const gate = new CallGate({ limits, desk, kept, masker, listing: (id) => supervisor.listing(id) })
  return { gate, limits, desk, kept }
}
