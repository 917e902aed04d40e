import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'
import { Glyph, type GlyphName } from './glyph.tsx'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: 'primary' | 'plain' | 'quiet' | 'danger'
  size?: 'normal' | 'small'
  glyph?: GlyphName
  /** Shown as busy and not to be pressed again; it keeps its width. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
  children?: ReactNode
}

/** A push button. One primary in a pane. */
export function Button({
  variant = 'plain',
  size = 'normal',
  glyph,
  busy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      {...rest}
      disabled={rest.disabled || busy}
      className={classNames(styles.button, styles[variant], size === 'small' && styles.small, className)}
    >
      {glyph && <Glyph name={glyph} size={size === 'small' ? 14 : 16} />}
      {children}
    </button>
  )
}
