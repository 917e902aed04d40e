import type { OpenPlace } from '../../servers/exposure.ts'
import { exposedHint, exposedText } from '../../servers/exposure-watch.ts'
import type { ServerCase } from '../case.ts'
import { entryFix, replacedIn } from '../entry-fix.ts'
import { type Finding, notLooked, ok, warning } from '../finding.ts'
import { exposureOf } from '../trial.ts'

/** Nobody but this machine may call it, or whoever calls has to say who they are. */
export async function checkExposure(patient: ServerCase): Promise<Finding> {
  const { spec, live, around } = patient
  const look =
    live === null
      ? (await patient.trial()).exposure
      : await exposureOf(spec, live.pid, around, AbortSignal.timeout(30_000))
  if (look === null) return notLooked('It has not come as far as its lists.')
  if (look.kind === 'not_run') return notLooked(look.reason)
  if (look.places.length === 0) return ok('It listens for nobody but this machine.')
  const open = look.places.filter(({ reception }) => reception === 'answered')
  const seen = look.places.map(worded)
  if (open.length === 0) return ok('Who reaches it over the network is not answered without authorization.', seen)
  const places = open.map(({ place }) => place).join(', ')
  const entry = replacedIn(spec.entry, onLoopback)
  const isWritten = spec.launch !== null && JSON.stringify(entry) !== JSON.stringify(spec.entry)
  return warning('server_exposed', exposedText(spec.id, places), {
    hint: exposedHint,
    evidence: seen,
    fix: isWritten ? entryFix(patient, 'Have it listen on 127.0.0.1', entry) : null,
  })
}

/** A text that names every interface names the loopback one instead. */
function onLoopback(text: string): string {
  return text.replace(/^(|.*=)(?:0\.0\.0\.0|::|\[::\])(:\d+)?$/, '$1127.0.0.1$2')
}

function worded({ place, reception }: OpenPlace): string {
  switch (reception) {
    case 'answered':
      return `${place} answers a stranger`
    case 'refused':
      return `${place} asks who calls`
    case 'unclear':
      return `${place} speaks no HTTP that would tell`
    default:
      return reception satisfies never
  }
}
