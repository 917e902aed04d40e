import type { ApprovalRule, HeldCall, ToolHint } from '../../shared/approvals.ts'
import { type CallNames, exactness, matchesCall } from '../../shared/limits.ts'
import type { Tool } from '../../shared/server.ts'

/** A person who clicked or typed has said yes by that. */
const people: ReadonlySet<string> = new Set(['page', 'terminal'])

/** The rule that makes a call wait for a person, the most exact of those that match; null where none does. */
export function ruleFor(rules: readonly ApprovalRule[], names: CallNames, tool: Tool | undefined): ApprovalRule | null {
  if (people.has(names.origin)) return null
  let found: ApprovalRule | null = null
  for (const rule of rules) {
    if (!rule.is_on || !matchesCall(rule, names) || !hasHint(tool, rule.hint)) continue
    if (found === null || exactness(rule) > exactness(found)) found = rule
  }
  return found
}

/** What MCP takes a tool to be where it does not say: one that writes, may destroy, and reaches beyond. */
function hasHint(tool: Tool | undefined, hint: ToolHint): boolean {
  const { readOnlyHint, destructiveHint, openWorldHint } = tool?.annotations ?? {}
  switch (hint) {
    case 'any':
      return true
    case 'writes':
      return readOnlyHint !== true
    case 'destructive':
      return readOnlyHint !== true && destructiveHint !== false
    case 'open_world':
      return openWorldHint !== false
    default:
      return hint satisfies never
  }
}

/** What a tool says of itself; null where it says nothing. */
export function hintsOf(tool: Tool | undefined): HeldCall['hints'] {
  const said = (hint: unknown): boolean | null => (typeof hint === 'boolean' ? hint : null)
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool?.annotations ?? {}
  return {
    read_only: said(readOnlyHint),
    destructive: said(destructiveHint),
    idempotent: said(idempotentHint),
    open_world: said(openWorldHint),
  }
}

/** What a tool is shown as, for people; null where it has no other name than its own. */
export function titleOf(tool: Tool | undefined): string | null {
  const title = tool?.title ?? tool?.annotations?.title
  return typeof title === 'string' && title !== tool?.name ? title : null
}
