import type { Client } from '../../../shared/client.ts'
import type { GlyphName, Tone } from '../../ui/glyph.tsx'

export interface ClientLook {
  word: string
  glyph: GlyphName
  tone: Tone
}

/** After so long without a request, green would say more than is known. */
const quietAfterMs = 24 * 3_600_000

/** What is true of a client now, in a word and a glyph. */
export function clientLook({ revoked_at, seen }: Pick<Client, 'revoked_at' | 'seen'>, nowMs: number): ClientLook {
  if (revoked_at !== null) return { word: 'Revoked', glyph: 'cancelled', tone: 'quiet' }
  if (seen === null) return { word: 'Not seen yet', glyph: 'queued', tone: 'quiet' }
  if (nowMs - Date.parse(seen.last_at) > quietAfterMs) return { word: 'Quiet', glyph: 'stopped', tone: 'stopped' }
  return { word: 'Seen', glyph: 'ready', tone: 'ready' }
}
