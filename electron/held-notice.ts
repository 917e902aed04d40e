import type { HeldCall } from '../shared/approvals.ts'
import type { Notice } from '../shared/snapshot.ts'

/** Longest of a name in a notification, which has room for little. */
const longest = 80

/** What the system says of a call that waits. Arguments stay out: notifications are shown over a locked screen. */
export function heldNotice({ origin, tool, server }: HeldCall): { title: string; body: string } {
  const who = origin === 'owner' ? 'The owner token' : short(origin.replace(/^client:/, ''))
  return { title: 'Approval wanted', body: `${who} waits to call ${short(tool)} of ${short(server)}.` }
}

/** What it says of many. */
export const heldNotices = { title: 'Approval wanted', body: 'Several calls wait for your yes or no.' }

/** What a person had a rule tell them, in their own words. */
export function ruleNotice({ title, message }: Pick<Notice, 'title' | 'message'>): { title: string; body: string } {
  return { title: short(title), body: short(message) }
}

/** On one line, and without what cannot be seen or turns the text around. */
function short(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain
}
