import type { HeldCall } from '../../shared/approvals.ts'
import type { AttentionItem } from '../../shared/snapshot.ts'

/** Who calls, as people say it. */
export const callerName = (origin: string): string => origin.replace(/^client:/, '')

/** One item however many wait: they are answered in one place. */
export function approvalItems(held: readonly HeldCall[]): AttentionItem[] {
  const [first] = held
  if (first === undefined) return []
  const message =
    held.length === 1
      ? `${callerName(first.origin)} waits to call ${first.tool} of ${first.server}.`
      : `${held.length} calls wait for your yes or no.`
  return [
    {
      id: 'approvals',
      severity: 'attention',
      server: null,
      task_id: held.length === 1 ? first.id : null,
      state: null,
      title: 'Approval.',
      message,
      code: 'approval_wanted',
      since: first.since,
      action: { kind: 'open_approvals', label: 'Review' },
    },
  ]
}
