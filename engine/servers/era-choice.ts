import { AppError } from '../../shared/app-error.ts'
import type { Era } from '../../shared/server.ts'
import { isModernError } from '../links/protocol.ts'
import type { ServerFacts } from './server-facts.ts'
import type { TrackedLink } from './tracked-link.ts'

/** A server that answers; `unlisted` says why it does not list its tools, where it does not. */
export interface Opened {
  readonly link: TrackedLink
  readonly unlisted: AppError | null
}

interface Tries {
  /** Shakes hands and asks for the lists. Throws an AppError where there is no link. */
  open(era: 'auto' | Era): Promise<Opened>
  /** Ends what was opened, or half opened, so that another try can be made. */
  leave(): Promise<void>
  log(text: string): void
}

/** Failures of a handshake that may only mean that it was the wrong one. */
const wrongHandshake: ReadonlySet<string> = new Set([
  'handshake_refused',
  'protocol_version_unsupported',
  'closed_before_handshake',
])

/**
 * Opens a server in the era that it speaks: the configured one, else that of last time, else what it answers when it
 * is asked. A verdict of last time that does not hold is given up, and a server that claims an era and then refuses to
 * list in it is asked in the other, once: where that is no better, its word stands until it lists again.
 */
export async function openInItsEra(facts: ServerFacts, tries: Tries, stop: AbortSignal): Promise<Opened> {
  const { era } = facts.spec.settings
  if (era !== 'auto') return tries.open(era)
  const first = await openAsLastTime(facts, tries)
  if (first.unlisted === null) facts.isEraDoubted = false
  if (facts.isEraDoubted || !isRefusalOfEra(first)) return first
  const claimed = first.link.info.era
  const other = claimed === 'modern' ? 'legacy' : 'modern'
  tries.log(`says that it is ${claimed}, and refuses to list: is asked once more, as ${other}`)
  await tries.leave()
  const second = await tries.open(other).catch((error: unknown) => {
    if (stop.aborted || !(error instanceof AppError)) throw error
    return null
  })
  if (second !== null && second.unlisted === null) return second
  facts.isEraDoubted = true
  await tries.leave()
  return tries.open(claimed)
}

async function openAsLastTime(facts: ServerFacts, tries: Tries): Promise<Opened> {
  const { eraVerdict } = facts
  if (eraVerdict === null) return tries.open('auto')
  try {
    return await tries.open(eraVerdict)
  } catch (error) {
    if (!(error instanceof AppError) || !wrongHandshake.has(error.code)) throw error
    facts.eraVerdict = null
    tries.log(`was ${eraVerdict} last time, and is not now (${error.message}): is asked anew`)
    await tries.leave()
    return tries.open('auto')
  }
}

/** A list refused by a modern server may mean that it wanted a handshake; by a legacy one only where it says so. */
function isRefusalOfEra({ link, unlisted }: Opened): boolean {
  const code = unlisted?.data.refused
  return typeof code === 'number' && (link.info.era === 'modern' || isModernError(code))
}
