import { type ServerId, serverIdSchema } from '../../shared/ids.ts'
import type { Candidate, ProgramId } from '../../shared/import.ts'
import { parseEntry } from '../config/parse-entry.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { secretsIn } from '../secrets/find-secrets.ts'
import type { FoundServer } from './found-server.ts'
import { summaryOf } from './summary.ts'

/** A found server with the place it was found in; null for pasted text. */
export interface Sighting {
  server: FoundServer
  program: { id: ProgramId; name: string } | null
  path: string | null
}

/**
 * Candidates in the order of the sightings, with the ids they would get beside what is configured, and which of them
 * are proposed: the first of equal ones, not those of a name that is taken, none that their own program has off.
 */
export function planCandidates(sightings: readonly Sighting[], existing: readonly ServerSpec[]): Candidate[] {
  const holders = new Map<string, Holder>(existing.map((spec) => [spec.id, { spec, impliesCwd: false, plan: null }]))
  const reserved = new Set(sightings.map(({ server }) => idFor(server.name)))
  const plans = sightings.map((sighting) => {
    const plan = draft(sighting)
    if (plan.candidate.problem !== null) return plan
    const verdict = compare(plan, holders)
    if (verdict) {
      plan.candidate.conflict = verdict.conflict
      plan.candidate.ticked = false
      plan.candidate.id = verdict.conflict === 'renamed' ? freeId(verdict.id, holders, reserved) : verdict.id
      plan.notes.unshift(verdict.note)
      if (verdict.equal) joinTo(verdict.equal, sighting)
    }
    if (verdict === null || verdict.conflict === 'renamed') {
      holders.set(plan.candidate.id, { spec: plan.spec, impliesCwd: sighting.server.hasImpliedCwd, plan })
    }
    return plan
  })
  return withUniqueKeys(plans.map(({ candidate, notes }) => ({ ...candidate, note: notes.join('; ') || null })))
}

interface Plan {
  candidate: Candidate
  spec: ServerSpec
  sighting: Sighting
  notes: string[]
}

/** What has an id: an entry of ours, or an earlier candidate. */
interface Holder {
  spec: ServerSpec
  impliesCwd: boolean
  plan: Plan | null
}

interface Verdict {
  conflict: 'same' | 'exists' | 'renamed'
  id: ServerId
  note: string
  /** The earlier candidate that it is the same as. */
  equal?: Plan
}

/** The candidate as if it stood alone. */
function draft(sighting: Sighting): Plan {
  const { server, program, path } = sighting
  const id = idFor(server.name)
  const spec = parseEntry(id, 1, server.entry)
  const problem = server.problem ?? (spec.problem && withoutName(spec.problem.message, id))
  const secrets = secretsIn(server.entry)
  const candidate: Candidate = {
    key: [program?.id ?? 'text', path ?? '', server.name].join('#'),
    id,
    source_name: server.name,
    program: program?.id ?? null,
    path,
    transport: spec.transport,
    summary: summaryOf(server.entry, secrets),
    entry: server.entry,
    was_enabled: server.wasEnabled,
    secrets,
    note: null,
    conflict: 'none',
    problem,
    ticked: problem === null && server.wasEnabled,
  }
  return { candidate, spec, sighting, notes: [...(server.wasEnabled ? [] : ['switched off there']), ...server.notes] }
}

function compare({ spec, sighting }: Plan, holders: ReadonlyMap<string, Holder>): Verdict | null {
  const program = sighting.program?.name
  const here = { spec, impliesCwd: sighting.server.hasImpliedCwd }
  const equal = [...holders].find(([, holder]) => differenceOf(holder, here) === null)
  if (equal) {
    const [id, { plan }] = equal as [ServerId, Holder]
    const as = id === spec.id ? '' : ` as ${id}`
    if (!plan) return { conflict: 'exists', id, note: `already here${as}` }
    return { conflict: 'same', id, note: `same${as} in ${plan.sighting.program?.name ?? 'this text'}`, equal: plan }
  }
  const holder = holders.get(spec.id)
  if (!holder) return null
  const where = program === undefined ? 'in this text' : 'there'
  const too = holder.plan ? '' : ', as another one is here'
  return { conflict: 'renamed', id: spec.id, note: `named ${spec.id} ${where}${too}; ${differenceOf(holder, here)}` }
}

/** An equal server elsewhere: worth a note, and reason enough to propose one that is switched off where it was first seen. */
function joinTo({ candidate, sighting, notes }: Plan, other: Sighting): void {
  const program = other.program?.name
  if (program && program !== sighting.program?.name) notes.push(`same in ${program}`)
  if (other.server.wasEnabled && candidate.conflict === 'none') candidate.ticked = true
}

type Compared = Pick<Holder, 'spec' | 'impliesCwd'>

/** Which part of what is launched or connected to differs, as a clause; null when nothing does. */
function differenceOf(one: Compared, other: Compared): string | null {
  const [a, b] = [one.spec, other.spec]
  if (a.problem) return 'the one here has a problem'
  const differs = (x: unknown, y: unknown) => JSON.stringify(x) !== JSON.stringify(y)
  if (a.launch && b.launch) {
    if (differs(a.launch.command, b.launch.command)) return 'commands differ'
    if (differs(a.launch.args, b.launch.args)) return 'arguments differ'
    if (differs(sorted(a.launch.env), sorted(b.launch.env))) return 'variables differ'
    // A folder that only its program implies sets no two servers apart.
    if (!one.impliesCwd && !other.impliesCwd && a.launch.cwd !== b.launch.cwd) return 'folders differ'
    return null
  }
  if (a.remote && b.remote) {
    if (differs(a.remote.url, b.remote.url)) return 'URLs differ'
    if (a.transport !== b.transport) return 'transports differ'
    return differs(sorted(a.remote.headers), sorted(b.remote.headers)) ? 'headers differ' : null
  }
  return 'one is local, one remote'
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}

function withUniqueKeys(candidates: Candidate[]): Candidate[] {
  const seen = new Map<string, number>()
  return candidates.map((candidate) => {
    const count = (seen.get(candidate.key) ?? 0) + 1
    seen.set(candidate.key, count)
    return count === 1 ? candidate : { ...candidate, key: `${candidate.key}#${count}` }
  })
}

function freeId(id: ServerId, holders: ReadonlyMap<string, Holder>, reserved: ReadonlySet<string>): ServerId {
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`
    const free = idFor(id.slice(0, 200 - suffix.length) + suffix)
    if (!holders.has(free) && !reserved.has(free)) return free
  }
}

/** A name as an id: without control characters, at most 200 long, never empty. */
function idFor(name: string): ServerId {
  const id = name.replace(/\p{Cc}/gu, '').slice(0, 200)
  return serverIdSchema.parse(id === '' ? 'server' : id)
}

function withoutName(message: string, id: string): string {
  return message.startsWith(`${id}: `) ? message.slice(id.length + 2).replace(/\.$/, '') : message
}
