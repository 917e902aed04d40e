import { createHash } from 'node:crypto'
import { AppError } from '../../shared/app-error.ts'
import {
  type CheckName,
  type CheckResult,
  type DoctorFix,
  type DoctorReport,
  type ExamineRequest,
  homeChecks,
  type ShortAnswers,
  serverChecks,
} from '../../shared/doctor-contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import { type HomeCase, openHomeCase, openServerCase, type ServerCase } from './case.ts'
import type { Finding, Fix } from './finding.ts'
import { homeCheckTable } from './home-checks/all.ts'
import { serverCheckTable } from './server-checks/all.ts'
import type { Surroundings } from './surroundings.ts'

/** Examinations whose fixes are still good: the page may show one while the next is made. */
const examinationsKept = 2
/** Servers that are started for a moment at the same time. */
const atOnce = 4

type Table = Readonly<
  Record<string, { readonly needs: readonly CheckName[]; run(patient: never): Promise<Finding | Finding[]> }>
>

/** Looks for what is wrong with a home and its servers, and mends what it has shown. */
export class Doctor {
  readonly #around: () => Promise<Surroundings>
  /** Of the last examinations, the newest last. */
  #shown: Map<string, Fix>[] = []

  /** `around` is asked anew for each examination: what it tells may have changed. */
  constructor(around: () => Promise<Surroundings>) {
    this.#around = around
  }

  /** @throws AppError `unknown_server` (404) where the one that is asked for is not in mcp.json. */
  async examine({ server, run = false }: Partial<ExamineRequest>, signal: AbortSignal): Promise<DoctorReport> {
    const around = await this.#around()
    const fixes = new Map<string, Fix>()
    const home = await openHomeCase(around)
    const ofHome = await this.#look(homeChecks, homeCheckTable, home, null, [], fixes)
    const patients = patientsOf(home, server, run, signal)
    const ofServers: CheckResult[][] = []
    for (let first = 0; first < patients.length; first += atOnce) {
      const group = patients.slice(first, first + atOnce)
      ofServers.push(
        ...(await Promise.all(
          group.map((patient) => this.#look(serverChecks, serverCheckTable, patient, patient.spec.id, ofHome, fixes)),
        )),
      )
      signal.throwIfAborted()
    }
    this.#shown = [...this.#shown, fixes].slice(-examinationsKept)
    const checks = [...ofHome, ...ofServers.flat()]
    const worst = (status: 'problem' | 'warning') => checks.filter((check) => check.status === status)
    return around.masker.json({
      at: new Date().toISOString(),
      version: around.host.version,
      home: around.host.home,
      server: server ?? null,
      ...shortAnswers(home, patients, checks, server !== undefined),
      first: (worst('problem')[0] ?? worst('warning')[0])?.code ?? null,
      problems: worst('problem').length,
      warnings: worst('warning').length,
      checks,
    })
  }

  /** @throws AppError `unknown_fix` (404), `value_needed` (422), and what the fix refuses, `preview_stale` (409) first. */
  async fix(id: string, value?: string): Promise<{ done: string }> {
    const fix = this.#shown.map((fixes) => fixes.get(id)).findLast((found) => found !== undefined)
    if (fix === undefined) {
      const hint = 'Examine again, then look at the fix anew.'
      throw new AppError('unknown_fix', 'That fix was not shown, or too long ago.', { status: 404, hint })
    }
    if (fix.asksFor !== undefined && value === undefined) {
      const hint = `Hand in the ${fix.asksFor.label.toLowerCase()}.`
      throw new AppError('value_needed', `"${fix.title}" needs a value.`, { status: 422, hint })
    }
    await fix.apply(value ?? '')
    // What was done once is not there to be done again.
    for (const fixes of this.#shown) fixes.delete(id)
    return { done: `${fix.title}: done.` }
  }

  async #look<P extends HomeCase | ServerCase>(
    names: readonly CheckName[],
    table: Table,
    patient: P,
    server: ServerId | null,
    before: readonly CheckResult[],
    fixes: Map<string, Fix>,
  ): Promise<CheckResult[]> {
    const results: CheckResult[] = []
    /** Checks that leave nothing to build on. */
    const moot = new Set<CheckName>(before.filter(({ status }) => status === 'problem').map(({ check }) => check))
    for (const check of names) {
      const { needs, run } = table[check]!
      const because = needs.find((need) => moot.has(need)) ?? null
      if (because !== null) {
        const message = `Not looked at: it builds on "${titleOf(because)}".`
        results.push({ ...blank(check, server), status: 'skipped', message, because })
        continue
      }
      const found = await run(patient as never)
      for (const finding of Array.isArray(found) ? found : [found]) {
        if ('blocks' in finding && finding.blocks) moot.add(check)
        results.push(resultOf(check, server, finding, fixes))
      }
    }
    return results
  }
}

function patientsOf(home: HomeCase, server: ServerId | undefined, run: boolean, signal: AbortSignal): ServerCase[] {
  const specs = home.config.kind === 'text' ? (home.config.reading.specs ?? []) : []
  const asked = specs.filter(({ id }) => server === undefined || id === server)
  // Of a file that cannot be read nobody knows what it names.
  const isKnown = home.config.kind === 'absent' || (home.config.kind === 'text' && home.config.reading.specs !== null)
  if (server !== undefined && asked.length === 0 && isKnown) {
    const known = specs.map(({ id }) => id).join(', ')
    throw new AppError('unknown_server', `There is no server "${server}".`, {
      status: 404,
      hint: known === '' ? 'Add one to mcp.json, or import one.' : `Known servers: ${known}.`,
    })
  }
  return asked.map((spec) => openServerCase(home, spec, run, signal))
}

function resultOf(check: CheckName, server: ServerId | null, finding: Finding, fixes: Map<string, Fix>): CheckResult {
  const base = { ...blank(check, server), status: finding.status, message: finding.message }
  switch (finding.status) {
    case 'skipped':
      return base
    case 'ok':
      return { ...base, evidence: [...finding.evidence] }
    case 'warning':
    case 'problem': {
      const { code, hint, evidence, fix } = finding
      return { ...base, code, hint, evidence: [...evidence], fix: fix && offer(fix, fixes) }
    }
    default:
      return finding satisfies never
  }
}

/** The fix as it is shown, under the name by which it can be asked for. */
function offer(fix: Fix, fixes: Map<string, Fix>): DoctorFix {
  const { title, changes, asksFor } = fix
  const id = createHash('sha256')
    .update(JSON.stringify([title, changes]))
    .digest('hex')
    .slice(0, 32)
  fixes.set(id, fix)
  return { id, title, changes: [...changes], asks_for: asksFor ?? null }
}

function blank(check: CheckName, server: ServerId | null) {
  return { check, server, code: null, hint: null, evidence: [], because: null, fix: null }
}

function titleOf(check: CheckName): string {
  return check.replaceAll('_', ' ')
}

const permissionCodes: ReadonlySet<string> = new Set([
  'home_unwritable',
  'config_unreadable',
  'not_executable',
  'script_unreadable',
  'cwd_missing',
  'cwd_not_a_folder',
  'vault_key_unusable',
])
const environmentChecks: ReadonlySet<CheckName> = new Set(['variables', 'secrets', 'runtime'])

function shortAnswers(
  home: HomeCase,
  patients: readonly ServerCase[],
  checks: readonly CheckResult[],
  isOne: boolean,
): ShortAnswers {
  const bad = checks.filter(({ status }) => status === 'problem')
  return {
    server_running: isOne ? patients.some(({ live }) => live !== null) : home.isServed,
    port_open: isOne ? (patients[0]?.isPortOpen ?? null) : home.isPortOpen,
    permissions: !bad.some(({ code }) => permissionCodes.has(code!)),
    environment: !bad.some(({ check }) => environmentChecks.has(check)),
  }
}
