import { failureOf } from '../../../shared/app-error.ts'
import type { ConnectRequest } from '../../../shared/connect-contract.ts'
import type { WatchedPlace } from '../../clients/connect/connections.ts'
import type { HomeCase } from '../case.ts'
import { type Finding, type Fix, notLooked, ok, problem, warning } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'

/** The files of other programs that hold our entry: in step with what was written there. */
export async function checkClientFiles({ around }: HomeCase): Promise<Finding | Finding[]> {
  const written = await around.connections.written()
  if (written.length === 0) return notLooked('No other program was connected from here.')
  const findings = await Promise.all(written.map((watched) => lookAt(watched, around)))
  const bad = findings.filter((finding) => finding !== null)
  return bad.length > 0
    ? bad
    : ok(
        'Our entries stand as they were written.',
        written.map(({ place }) => place.path),
      )
}

async function lookAt({ program, name, place }: WatchedPlace, around: Surroundings): Promise<Finding | null> {
  if (place.state === 'unreadable' && place.problem !== null) {
    const { line, message } = place.problem
    const where = line === null ? '' : ` at line ${line}`
    return problem('client_file_unreadable', `${name}: ${place.path} cannot be used${where}: ${message}.`, {
      hint: 'Correct that; the program itself may ignore the whole file.',
      blocks: false,
    })
  }
  if (place.state !== 'drifted' || place.drift === null) return null
  const mode = place.written?.mode ?? 'stdio'
  return warning('client_file_drifted', `${name}: ${place.drift.message}`, {
    hint: 'Write it again, or take it as it is.',
    evidence: [place.path],
    fix: await rewriteFix({ program, scope: place.scope, folder: place.folder, mode, move: [] }, name, around),
  })
}

/** Null where it cannot be written now: the file is unusable, or our address is not known. */
async function rewriteFix(request: ConnectRequest, name: string, around: Surroundings): Promise<Fix | null> {
  try {
    const { path, hunks, before_hash, after_hash, restart } = await around.connections.preview(request)
    return {
      title: `Write our entry into the file of ${name} again`,
      changes: [{ what: `Write our entry. ${restart}`, path, hunks }],
      apply: async () => void (await around.connections.write({ ...request, before_hash, after_hash })),
    }
  } catch (error) {
    // What keeps it from being written is no finding of its own: the drift stands with its hint.
    failureOf(error)
    return null
  }
}
