import type { Server, StateName } from '../shared/server.ts'
import type { SignInStatus } from '../shared/sign-in.ts'
import type { AttentionItem, Banner, ConfigStatus } from '../shared/snapshot.ts'

interface Facts {
  servers: readonly Server[]
  sign_ins: readonly SignInStatus[]
  config: ConfigStatus
  banner: Banner | null
  /** Calls that were cut off when the program died last time, and when that was found. */
  interrupted: { count: number; at: string } | null
  /** What features have found by themselves. */
  found: readonly AttentionItem[]
}

const rank = { danger: 0, attention: 1, caution: 2 } as const

/** What needs a person, worst first: the one list behind the page, the tray, the API and `signalbox status`. */
export function attentionOf(facts: Facts): AttentionItem[] {
  const signIns = new Map(facts.sign_ins.map((signIn) => [signIn.server, signIn]))
  const items = [
    ...configItems(facts.config),
    ...bannerItems(facts.banner),
    ...facts.servers.flatMap((server) => [
      ...serverItems(server, signIns.get(server.id)?.status === 'waiting'),
      ...scopeItems(server, signIns.get(server.id)),
    ]),
    ...facts.found,
  ]
  if (facts.interrupted !== null && facts.interrupted.count > 0) items.push(interruptedItem(facts.interrupted))
  return items.sort((a, b) => rank[a.severity] - rank[b.severity])
}

const nothing = { server: null, task_id: null, state: null } as const

function configItems({ problem, path }: ConfigStatus): AttentionItem[] {
  if (problem === null) return []
  return [
    {
      ...nothing,
      id: 'config',
      severity: 'danger',
      title: 'Configuration broken.',
      message: `${path} has an error at line ${problem.line}, column ${problem.column}: ${problem.message}. The last good version keeps running.`,
      code: 'config_broken',
      since: problem.since,
      action: { kind: 'open_config_file', label: `Open at line ${problem.line}` },
    },
  ]
}

function bannerItems(banner: Banner | null): AttentionItem[] {
  if (banner === null) return []
  return [
    {
      ...nothing,
      id: `banner:${banner.code}`,
      severity: banner.severity,
      title: 'Store.',
      message: banner.message,
      code: banner.code,
      since: banner.since,
      action: { kind: 'open_log', label: 'See the log' },
    },
  ]
}

function interruptedItem({ count, at }: { count: number; at: string }): AttentionItem {
  const calls = count === 1 ? '1 call was' : `${count} calls were`
  return {
    ...nothing,
    id: 'interrupted',
    severity: 'caution',
    title: 'Interrupted.',
    message: `${calls} cut off when Signalbox ended last time.`,
    code: 'tasks_interrupted',
    since: at,
    action: { kind: 'open_task', label: count === 1 ? 'See it' : 'See them' },
  }
}

interface Treatment {
  severity: AttentionItem['severity']
  title: string
  action: AttentionItem['action']
}

const seeLog = { kind: 'open_log', label: 'See the log' } as const
const editConfig = { kind: 'open_config', label: 'Edit config' } as const

/** States that a person must look at; the others mend themselves or are what was wanted. */
const treatments: Partial<Record<StateName, Treatment>> = {
  failed: { severity: 'danger', title: 'Cannot start.', action: editConfig },
  crash_looping: { severity: 'danger', title: 'Stopped trying.', action: seeLog },
  unresponsive: { severity: 'caution', title: 'Does not answer.', action: { kind: 'restart', label: 'Restart' } },
  needs_secret: {
    severity: 'attention',
    title: 'Secret missing.',
    action: { kind: 'open_server', label: 'Add secret' },
  },
  needs_sign_in: { severity: 'attention', title: 'Sign in.', action: { kind: 'sign_in', label: 'Sign in' } },
  needs_consent: { severity: 'attention', title: 'Changed.', action: { kind: 'open_server', label: 'Review' } },
}

/** Its own token is its owner's to replace. */
const refusedToken: Treatment = { severity: 'attention', title: 'Token refused.', action: editConfig }
const signingIn: Treatment = {
  severity: 'attention',
  title: 'Signing in.',
  action: { kind: 'open_server', label: 'Open' },
}

function treatmentOf({ state, detail }: Server, isSigningIn: boolean): Treatment | undefined {
  if (detail.state !== 'needs_sign_in') return treatments[state]
  if (detail.failure.code === 'token_refused') return refusedToken
  return isSigningIn ? signingIn : treatments[state]
}

function serverItems(server: Server, isSigningIn: boolean): AttentionItem[] {
  const treatment = treatmentOf(server, isSigningIn)
  if (treatment === undefined || !('failure' in server.detail)) return heldItems(server)
  const { failure } = server.detail
  return [
    {
      id: `server:${server.id}`,
      severity: treatment.severity,
      server: server.id,
      task_id: null,
      state: server.state,
      title: treatment.title,
      message: treatment === signingIn ? 'Waits for you in the browser.' : failure.message,
      code: failure.code,
      since: server.since,
      action: treatment.action,
    },
  ]
}

/** A call met the end of what was granted; the server itself is well. */
function scopeItems({ id, state }: Server, signIn: SignInStatus | undefined): AttentionItem[] {
  if (signIn?.status !== 'signed_in' || signIn.missing_scope === null || state === 'needs_sign_in') return []
  return [
    {
      id: `scope:${id}`,
      severity: 'attention',
      server: id,
      task_id: null,
      state,
      title: 'Sign in for more.',
      message: `A call needs the scope ${signIn.missing_scope}, which was not granted.`,
      code: 'scope_missing',
      since: signIn.since,
      action: { kind: 'sign_in', label: 'Sign in' },
    },
  ]
}

/** Tools that are held back while the server itself is well. */
function heldItems({ id, held_tools, since, state }: Server): AttentionItem[] {
  if (held_tools.length === 0) return []
  const which = held_tools.length === 1 ? `${held_tools[0]} is` : `${held_tools.length} tools are`
  return [
    {
      id: `tools:${id}`,
      severity: 'attention',
      server: id,
      task_id: null,
      state,
      title: 'Tools changed.',
      message: `${which} new or worded otherwise since you agreed to ${id}, and held back.`,
      code: 'tools_changed',
      since,
      action: { kind: 'open_server', label: 'Review' },
    },
  ]
}
