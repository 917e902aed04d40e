import { type ApprovalRule, approvalRuleSchema, type Decision, type HeldCall } from '../../shared/approvals.ts'
import { type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import { type Limit, limitSchema } from '../../shared/limits.ts'

const minutes = (count: number): string => new Date(Date.now() + count * 60_000).toISOString()

/** Calls that wait, with the longest words that they may have. */
export function fixtureHeld(): HeldCall[] {
  const held = (server: string, tool: string, origin: string, fields: Partial<HeldCall> = {}): HeldCall => ({
    id: uuidV7() as TaskId,
    server: server as ServerId,
    tool,
    title: null,
    origin,
    rule: 'Destructive tools ask',
    hints: { read_only: null, destructive: true, idempotent: null, open_world: null },
    since: minutes(-1),
    until: minutes(4),
    ...fields,
  })
  return [
    held('filesystem', 'delete_file', 'client:Cursor', { title: 'Delete a file' }),
    held('github', 'merge_pull_request', 'client:Claude Code', {
      hints: { read_only: false, destructive: false, idempotent: true, open_world: true },
      rule: 'Everything that writes to GitHub is looked at by me first',
    }),
    held('postgres', 'execute', 'owner', {
      hints: { read_only: null, destructive: null, idempotent: null, open_world: null },
    }),
  ]
}

const argumentTexts: Readonly<Record<string, string>> = {
  delete_file: '{"path":"/home/me/projects/notes/2026-11.md"}',
  merge_pull_request:
    '{"owner":"acme","repo":"website","pull_number":4812,"merge_method":"squash","commit_title":"Ship it"}',
}

/** What the page asks of approvals and limits. */
export function fixtureApprovals(held: () => readonly HeldCall[], settle: (id: TaskId) => void) {
  let rules: ApprovalRule[] = [
    approvalRuleSchema.parse({ id: uuidV7(), name: 'Destructive tools ask', hint: 'destructive' }),
    approvalRuleSchema.parse({ id: uuidV7(), name: 'GitHub writes', hint: 'writes', server: 'github', is_on: false }),
  ]
  let limits: Limit[] = [
    limitSchema.parse({
      id: uuidV7(),
      server: 'github',
      rate: { calls: 60, per_s: 60, wait_s: 10 },
      retries: { most: 3 },
    }),
    limitSchema.parse({
      id: uuidV7(),
      client: 'client:Cursor',
      concurrency: { max: 4 },
      result: { most_bytes: 262_144 },
    }),
  ]
  const decision: Decision = {
    id: uuidV7(),
    task_id: uuidV7() as TaskId,
    server: 'memory' as ServerId,
    tool: 'delete_entities',
    origin: 'client:Cursor',
    rule: 'Destructive tools ask',
    verdict: 'allow',
    remember: 'always',
    scope: 'tool_and_client',
    by: 'page',
    at: minutes(-90),
    revoked_at: null,
  }
  const denied: Decision = { ...decision, id: uuidV7(), tool: 'drop_table', verdict: 'deny', remember: 'once' }
  let remembered = [decision]
  const circuits = [
    {
      server: 'sentry' as ServerId,
      state: 'open',
      until: minutes(1),
      reason: 'de.sentry.io asks to wait for 60 s (HTTP 503)',
    },
  ]
  return {
    approvals: {
      list: async () => ({ items: held() }),
      get: async ({ id }: { id: string }) => {
        const call = held().find((one) => one.id === id)
        return { ...call, arguments_text: argumentTexts[call?.tool ?? ''] ?? '{}' }
      },
      decide: async ({ id, verdict }: { id: string; verdict: Decision['verdict'] }) => {
        settle(id as TaskId)
        return { ...decision, verdict }
      },
      rules: async () => ({ items: rules }),
      saveRule: async (rule: ApprovalRule) => {
        rules = [...rules.filter(({ id }) => id !== rule.id), rule]
        return rule
      },
      removeRule: async ({ id }: { id: string }) => {
        rules = rules.filter((rule) => rule.id !== id)
        return { removed: true }
      },
      remembered: async () => ({ items: remembered }),
      revoke: async ({ id }: { id: string }) => {
        remembered = remembered.filter((one) => one.id !== id)
        return { revoked: true }
      },
      history: async () => ({ items: [denied, decision], next_before: null }),
    },
    limits: {
      get: async () => ({ limits, circuits }),
      set: async ({ limits: next }: { limits: Limit[] }) => {
        limits = next
        return { limits, circuits }
      },
      closeCircuit: async () => ({ closed: circuits.splice(0).length > 0 }),
    },
  }
}
