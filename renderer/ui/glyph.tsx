import { classNames } from './class-names.ts'
import styles from './glyph.module.css'

export type GlyphName =
  | 'stopped'
  | 'asleep'
  | 'starting-0'
  | 'starting-1'
  | 'starting-2'
  | 'starting-3'
  | 'starting-4'
  | 'starting-5'
  | 'ready'
  | 'degraded'
  | 'unresponsive'
  | 'backing-off'
  | 'crash-looping'
  | 'failed'
  | 'attention'
  | 'stopping'
  | 'queued'
  | 'running'
  | 'completed'
  | 'cancelled'
  | 'timed-out'
  | 'interrupted'
  | 'level-trace'
  | 'level-debug'
  | 'level-info'
  | 'level-warn'
  | 'level-error'
  | 'level-fatal'
  | 'home'
  | 'servers'
  | 'runner'
  | 'tasks'
  | 'logs'
  | 'clients'
  | 'metrics'
  | 'settings'
  | 'search'
  | 'chevron'
  | 'chevron-down'
  | 'more'
  | 'plus'
  | 'x'
  | 'pause'
  | 'play'
  | 'restart'
  | 'copy'
  | 'key'
  | 'open'
  | 'folder'
  | 'down'
  | 'filter'
  | 'check'
  | 'lock'
  | 'doctor'
  | 'branch'
  | 'rules'

export type Tone =
  | 'stopped'
  | 'starting'
  | 'ready'
  | 'caution'
  | 'danger'
  | 'attention'
  | 'quiet'
  | 'soft'
  | 'inherit'
  | 'debug'
  | 'info'
  | 'warn'
  | 'error'
  | 'fatal'

interface GlyphProps {
  name: GlyphName
  /** Edge in px; 16 unless told. */
  size?: number
  tone?: Tone
  /** Accessible name; without it the glyph is decoration. */
  label?: string | undefined
  className?: string | undefined
}

/** One glyph of the sprite. */
export function Glyph({ name, size = 16, tone = 'inherit', label, className }: GlyphProps) {
  const shape = <use href={`#${name}`} />
  const classes = classNames(styles.glyph, styles[tone], className)
  if (label === undefined) {
    return (
      <svg className={classes} width={size} height={size} aria-hidden="true">
        {shape}
      </svg>
    )
  }
  return (
    <svg className={classes} width={size} height={size} role="img" aria-label={label}>
      {shape}
    </svg>
  )
}
