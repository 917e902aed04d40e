import styles from './button.module.css'
import { Button, type ButtonProps } from './button.tsx'
import { classNames } from './class-names.ts'
import type { GlyphName } from './glyph.tsx'
import { Tooltip } from './tooltip.tsx'

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'glyph'> {
  glyph: GlyphName
  /** Its name for the eyes (tooltip) and for assistive technology. */
  label: string
}

/** A button that shows a glyph only; its label is the tooltip. */
export function IconButton({ label, className, variant = 'quiet', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <Button {...rest} variant={variant} aria-label={label} className={classNames(styles.icon, className)} />
    </Tooltip>
  )
}
