import type { ReactNode } from 'react'
import styles from './banner.module.css'
import { Glyph, type GlyphName, type Tone } from './glyph.tsx'

const looks: Readonly<Record<'caution' | 'danger' | 'you', { glyph: GlyphName; tone: Tone }>> = {
  caution: { glyph: 'level-warn', tone: 'caution' },
  danger: { glyph: 'failed', tone: 'danger' },
  you: { glyph: 'attention', tone: 'attention' },
}

interface BannerProps {
  severity: 'caution' | 'danger' | 'you'
  glyph?: GlyphName
  title: ReactNode
  children?: ReactNode
  /** At most two buttons. */
  actions?: ReactNode
}

/** A strip over a page. Never two: the worse one wins. */
export function Banner({ severity, glyph, title, children, actions }: BannerProps) {
  const look = looks[severity]
  return (
    <div className={`${styles.banner} ${styles[severity]}`} role="status">
      <Glyph name={glyph ?? look.glyph} tone={look.tone} />
      <span className={styles.text}>
        <b className={styles.title}>{title}</b> <span className={styles.more}>{children}</span>
      </span>
      {actions}
    </div>
  )
}
