import type { Verdict } from '../../../shared/approvals.ts'
import { Glyph } from '../../ui/glyph.tsx'

/** Yes or no, by shape and colour. */
export function VerdictGlyph({ verdict }: { verdict: Verdict }) {
  return verdict === 'allow' ? (
    <Glyph name="completed" tone="ready" label="Allowed" />
  ) : (
    <Glyph name="cancelled" tone="danger" label="Denied" />
  )
}
