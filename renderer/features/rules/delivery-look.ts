import type { Verdict } from '../../../shared/webhooks.ts'
import type { GlyphName, Tone } from '../../ui/glyph.tsx'

interface Look {
  readonly word: string
  readonly glyph: GlyphName
  readonly tone: Tone
}

const refused = (word: string): Look => ({ word, glyph: 'failed', tone: 'danger' })

/** How each verdict is called and drawn. */
export const deliveryLooks: Readonly<Record<Verdict, Look>> = {
  accepted: { word: 'Accepted', glyph: 'completed', tone: 'ready' },
  ping: { word: 'Ping', glyph: 'completed', tone: 'quiet' },
  duplicate: { word: 'Came before', glyph: 'cancelled', tone: 'quiet' },
  replayed: { word: 'Same text again', glyph: 'cancelled', tone: 'caution' },
  unknown_event: { word: 'No event of ours', glyph: 'cancelled', tone: 'quiet' },
  bad_payload: refused('Unreadable'),
  no_id: refused('Without an id'),
  no_signature: refused('Not signed'),
  wrong_algorithm: refused('Signed otherwise'),
  bad_signature: refused('Wrong signature'),
  stale: refused('Too old'),
  bad_content_type: refused('Not JSON'),
  too_large: refused('Too large'),
}
