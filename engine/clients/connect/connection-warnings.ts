import type { ConnectRequest } from '../../../shared/connect-contract.ts'
import { parseJsonc } from '../../config/jsonc.ts'
import type { PlacePlan } from './connect-places.ts'
import type { Launcher } from './launcher.ts'
import type { PlaceReading } from './place-reading.ts'
import { asksForInput, tokenVariable } from './program-entries.ts'

interface Warned {
  readonly place: PlacePlan
  readonly reading: PlaceReading
  readonly request: ConnectRequest
  readonly launcher: Launcher
  readonly url: string | null
  readonly usualPort: number
}

/** What the person must know or do beside the difference itself, as sentences. */
export function connectionWarnings({ place, reading, request, launcher, url, usualPort }: Warned): string[] {
  const { program, scope } = place
  const warnings: string[] = []
  if (reading.kind === 'read' && program.id === 'claude-desktop' && !isStrictJson(reading.text)) {
    warnings.push(
      'Claude Desktop passes over this file: it has comments or a comma too many. They are left as they are.',
    )
  }
  if (reading.kind === 'read' && reading.hardLinks > 0) {
    warnings.push('The file has other names (hard links): those keep the old text.')
  }
  if (request.mode === 'stdio') {
    if (launcher.warning !== null) warnings.push(launcher.warning)
    return warnings
  }
  if (url !== null && Number(new URL(url).port) !== usualPort) {
    warnings.push(`The entry names port ${new URL(url).port}: start Signalbox with that port from now on.`)
  }
  if (request.token !== undefined) {
    const whom =
      scope === 'project' || scope === 'copilot_project' ? 'everybody who has the project' : 'whoever reads it'
    warnings.push(`The token stands in the file, for ${whom}.`)
  } else if (asksForInput(program.id, scope)) {
    warnings.push(`${program.name} asks for the token at the first start, and keeps it.`)
  } else {
    warnings.push(`Set ${tokenVariable} to the token where ${program.name} is started from.`)
  }
  return warnings
}

function isStrictJson(text: string): boolean {
  const bare = text.replace(/^\uFEFF/, '')
  if (bare.trim() === '' || parseJsonc(bare).kind === 'problem') return true
  try {
    JSON.parse(bare)
    return true
  } catch {
    // The reader that takes comments took it: what is left is what strict JSON does not know.
    return false
  }
}
