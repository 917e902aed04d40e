import type { ReactNode } from 'react'
import styles from './empty-state.module.css'
import { Glyph, type GlyphName } from './glyph.tsx'

/** What stands where there is nothing: why, and the first step. */
export function EmptyState({
  glyph,
  title,
  children,
  actions,
}: {
  glyph?: GlyphName
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className={styles.empty}>
      {glyph && <Glyph name={glyph} size={24} tone="quiet" />}
      <p className={styles.title}>{title}</p>
      {children && <p className={styles.text}>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}
