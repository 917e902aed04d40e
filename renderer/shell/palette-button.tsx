import { Glyph } from '../ui/glyph.tsx'
import { Kbd } from '../ui/kbd.tsx'
import styles from './palette-button.module.css'
import { openPalette } from './palette-state.ts'

/** The key that calls the palette on this machine, as a cap. */
const paletteKeys = navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'

/** Opens the palette. */
export function PaletteButton() {
  return (
    <button type="button" className={styles.button} onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
      <Glyph name="search" tone="soft" />
      <span className={styles.text}>Do anything</span>
      <span className={styles.keys}>
        <Kbd keys={paletteKeys} />
      </span>
    </button>
  )
}
