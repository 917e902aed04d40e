import type { ApprovalRule } from '../../../shared/approvals.ts'
import type { CallPattern } from '../../../shared/limits.ts'
import { originName } from '../tasks/origin-name.ts'
import { hintLabels } from './hint-labels.ts'

/** Who calls, where it is chosen or told: `Cursor`, `the owner token`. */
export function originLabel(origin: string): string {
  return origin === 'owner' ? 'the owner token' : originName(origin)
}

/** `delete of files, called by Cursor`. */
export function limitText(pattern: CallPattern): string {
  return `${pattern.tool === '*' ? 'Every tool' : pattern.tool} ${placeText(pattern, 'anybody')}`
}

/** `Tools that may destroy of files, called by Cursor; given up after 5 min`. */
export function ruleText({ hint, timeout_s, ...pattern }: ApprovalRule): string {
  const after = timeout_s % 60 === 0 ? `${timeout_s / 60} min` : `${timeout_s} s`
  const which = pattern.tool === '*' ? hintLabels[hint] : pattern.tool
  return `${which} ${placeText(pattern, 'any client')}; given up after ${after}`
}

function placeText({ client, server }: CallPattern, everyone: string): string {
  const who = client === '*' ? everyone : originLabel(client)
  return `of ${server === '*' ? 'every server' : server}, called by ${who}`
}
