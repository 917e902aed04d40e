import { ActionSymbols } from './sprite-actions.tsx'
import { SignSymbols } from './sprite-signs.tsx'

/** Every glyph of the page as an SVG symbol; rendered once, drawn with `<Glyph name>`. */
export function Sprite() {
  return (
    <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
      <SignSymbols />
      <ActionSymbols />
    </svg>
  )
}
