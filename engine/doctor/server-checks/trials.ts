import type { Failure } from '../../../shared/app-error.ts'
import { AppError } from '../../../shared/app-error.ts'
import { settingsKey } from '../../config/settings.ts'
import { subjectOf } from '../../consent/launch-subject.ts'
import type { Listing } from '../../links/link.ts'
import type { ServerCase } from '../case.ts'
import { entryFix } from '../entry-fix.ts'
import { type Finding, notLooked, ok, problem, problemOf, warning } from '../finding.ts'
import type { Trial } from '../trial.ts'

/** Codes by which a failed start says which of the checks it belongs to; all others belong to the handshake. */
const addressCodes: ReadonlySet<string> = new Set([
  'unreachable',
  'certificate_refused',
  'redirect_refused',
  'not_mcp',
  'connection_lost',
  'invalid_url',
  'invalid_header',
  'asked_to_wait',
])
const signInCodes: ReadonlySet<string> = new Set(['needs_sign_in', 'token_refused', 'sign_in_unreachable'])
const spawnCodes: ReadonlySet<string> = new Set([
  'spawn_failed',
  'arguments_too_long',
  'not_executable',
  'command_not_found',
  'server_exited',
  'server_crashed',
  'left_foreground',
  'port_in_use',
  'asks_question',
  'closed_output',
])
const listCodes: ReadonlySet<string> = new Set(['list_failed', 'list_timeout'])

const evidenceLines = 10
const running = 'It runs now.'

/** Whether its owner agreed to what would run; without that nothing of it is started here. */
export async function checkConsent({ spec, around, live, mayRun }: ServerCase): Promise<Finding> {
  if (live !== null) return ok(running)
  try {
    await around.consent.admit(await subjectOf(spec, around), null)
    return ok('What it runs was agreed to.')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'needs_consent') throw error
    if (mayRun) return ok(`${error.message}; it is run for this examination only.`)
    return warning('needs_consent', `${error.message}.`, {
      hint: `Look at it and start it, or examine it with --run, which starts it for a moment.`,
      blocks: true,
    })
  }
}

export async function checkAddress(patient: ServerCase): Promise<Finding> {
  if (patient.spec.remote === null) return notLooked('It is started here, at no address.')
  if (patient.live !== null) {
    patient.isPortOpen = true
    return ok('Its address answers.')
  }
  const { failure } = await patient.trial()
  patient.isPortOpen = failure === null || !addressCodes.has(failure.code)
  return patient.isPortOpen ? ok('Its address answers.') : failedWith(failure!, await patient.trial())
}

export async function checkSignIn(patient: ServerCase): Promise<Finding> {
  if (patient.spec.remote === null) return notLooked('It is started here; nobody signs in.')
  if (patient.live !== null) return ok('It takes our calls.')
  const trial = await patient.trial()
  const { failure } = trial
  return failure !== null && signInCodes.has(failure.code) ? failedWith(failure, trial) : ok('It takes our calls.')
}

export async function checkSpawn(patient: ServerCase): Promise<Finding> {
  if (patient.spec.launch === null) return notLooked('It is at an address; nothing is started.')
  if (patient.live !== null) return ok(`It runs, process ${patient.live.pid}.`)
  const trial = await patient.trial()
  const { failure, steps } = trial
  if (failure === null || !spawnCodes.has(failure.code) || isTextInstead(trial)) {
    return ok(`It starts: ${steps.find(({ step }) => step === 'spawn')?.detail ?? 'its process lives'}.`)
  }
  const fix = failure.code === 'asks_question' ? withYes(patient) : null
  return { ...failedWith(failure, trial), fix } as Finding
}

/** What a server prints on stdout must be protocol. Text beside it is coped with; text instead of it is a failure. */
export async function checkStdout(patient: ServerCase): Promise<Finding> {
  if (patient.spec.launch === null) return notLooked('It has no stdout here.')
  if (patient.live !== null) {
    const { noise } = patient.live
    return noise === 0 ? ok('Its stdout is protocol alone.') : noisy(`${noise} lines`, [])
  }
  const trial = await patient.trial()
  const { noise } = trial
  const evidence = noise.slice(0, evidenceLines)
  if (noise.length === 0) return ok('Its stdout is protocol alone.')
  if (!isTextInstead(trial)) return noisy(noise.length === 1 ? '1 line' : `${noise.length} lines`, evidence)
  return problem('stdout_not_protocol', 'It prints text on stdout and no answer.', {
    hint: 'Look whether its arguments make it a server on stdio.',
    evidence: [...evidence, trial.failure!.message],
  })
}

export async function checkHandshake(patient: ServerCase): Promise<Finding> {
  if (patient.live !== null) return ok(running)
  const trial = await patient.trial()
  const { failure, handshakeMs } = trial
  const { startTimeoutMs } = patient.spec.settings
  if (handshakeMs === null) return failedWith(failure!, trial)
  const took = Math.round(handshakeMs)
  if (took <= startTimeoutMs) return ok(`It answers within ${startTimeoutMs} ms.`, [`after ${took} ms`])
  const enough = Math.ceil((took * 3) / 1000) * 1000
  return problem(
    'handshake_late',
    `It answers after ${took} ms, later than the ${startTimeoutMs} ms that it is given.`,
    {
      hint: `Set signalbox.start_timeout_ms to ${enough}.`,
      fix: entryFix(patient, `Give it ${enough} ms to start`, withSetting(patient, 'start_timeout_ms', enough)),
      blocks: false,
    },
  )
}

export async function checkEra(patient: ServerCase): Promise<Finding> {
  const { spec, live } = patient
  const wanted = spec.settings.era
  const info = live === null ? (await patient.trial()).info : { era: live.era, protocolVersion: live.protocol_version }
  if (info === null || info.era === null) return notLooked('It has not answered yet.')
  if (wanted !== 'auto' && wanted !== info.era) {
    return problem('era_mismatch', `Its entry says that it is ${wanted}, and it is ${info.era}.`, {
      hint: 'Take signalbox.era out of its entry.',
      evidence: [`it speaks ${info.protocolVersion}`],
      fix: entryFix(patient, 'Let its era be found out', withSetting(patient, 'era', undefined)),
      blocks: false,
    })
  }
  return ok(`It is ${info.era}, version ${info.protocolVersion}.`)
}

export async function checkTools(patient: ServerCase): Promise<Finding> {
  const { live } = patient
  if (live !== null && 'failure' in live.detail) return problemOf(live.detail.failure)
  const listing = await listingOf(patient)
  if (listing === null) {
    if (live !== null) return notLooked('It has not listed anything yet.')
    const trial = await patient.trial()
    return failedWith(trial.failure!, trial)
  }
  const { tools, resources, prompts, warnings } = listing
  if (warnings.length > 0) {
    return warning('list_flawed', 'Some of what it lists is left out.', {
      hint: 'Report this to the author of the server; all else works.',
      evidence: warnings.slice(0, evidenceLines),
    })
  }
  const counts = `${tools.length} tools, ${resources.length} resources, ${prompts.length} prompts`
  if (tools.length + resources.length + prompts.length > 0) return ok(`It lists ${counts}.`)
  return warning('offers_nothing', 'It lists nothing: no tool, no resource, no prompt.', {
    hint: 'Check its arguments and its access: many servers hide what they may not use.',
  })
}

/** Null where it could not be had. */
export async function listingOf({ live, around, spec, trial }: ServerCase): Promise<Listing | null> {
  return live === null ? (await trial()).listing : (around.running?.listing(spec.id) ?? null)
}

/** What was printed stands in the way of an answer, or in its place. */
function isTextInstead({ noise, failure, handshakeMs }: Trial): boolean {
  return noise.length > 0 && handshakeMs === null && failure !== null && !listCodes.has(failure.code)
}

function noisy(count: string, evidence: readonly string[]): Finding {
  return warning('stdout_noise', `It prints text on stdout beside the protocol: ${count}.`, {
    hint: 'Have it print on stderr: other programs may fail on this.',
    evidence,
  })
}

function failedWith({ code, message, hint }: Failure, { stderr }: Trial): Finding {
  const said = /[.!?]$/.test(message) ? message : `${message}.`
  return problemOf({ code, message: said, hint }, { evidence: stderr.slice(-evidenceLines) })
}

/** npx asks before it installs, unless it is told not to. */
function withYes(patient: ServerCase) {
  const { spec } = patient
  const { command, args } = spec.launch!
  if (!/(?:^|[\\/])npx(?:\.cmd)?$/.test(command) || args.includes('-y') || args.includes('--yes')) return null
  return entryFix(patient, 'Have npx install without asking', { ...spec.entry, args: ['-y', ...args] })
}

function withSetting({ spec }: ServerCase, name: string, value: unknown): Record<string, unknown> {
  const { [settingsKey]: written, ...rest } = spec.entry
  const { [name]: _, ...others } = { ...(written as Record<string, unknown> | undefined) }
  const settings = value === undefined ? others : { ...others, [name]: value }
  return Object.keys(settings).length === 0 ? rest : { ...rest, [settingsKey]: settings }
}
