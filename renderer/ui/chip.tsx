import type { ReactNode } from 'react'
import styles from './chip.module.css'
import { classNames } from './class-names.ts'
import { Glyph, type GlyphName } from './glyph.tsx'

/** A small plate with a fact: `writes`, `secret`. */
export function Chip({
  tone = 'plain',
  glyph,
  children,
}: {
  tone?: 'plain' | 'caution' | 'danger' | 'you'
  glyph?: GlyphName
  children: ReactNode
}) {
  return (
    <span className={classNames(styles.chip, styles[tone])}>
      {glyph && <Glyph name={glyph} size={12} />}
      {children}
    </span>
  )
}
