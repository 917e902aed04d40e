import type { ReactNode } from 'react'
import { Glyph } from '../../ui/glyph.tsx'
import type { Path } from './arguments.ts'
import styles from './field.module.css'
import { useFieldError } from './form-context.ts'

interface FieldFrameProps {
  name: string
  note: string
  path: Path
  description: string | null
  /** At the right of its head. */
  aside?: ReactNode
  children: ReactNode
}

/** A named group for a field that is more than one line of text. */
export function FieldFrame({ name, note, path, description, aside, children }: FieldFrameProps) {
  const error = useFieldError(path)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid row
    <div role="group" aria-label={name} className={styles.frame}>
      <div className={styles.head}>
        <span className={styles.name}>{name}</span>
        <span className={styles.note}>{note}</span>
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      {children}
      {error !== null && (
        <p className={styles.error}>
          <Glyph name="failed" size={12} tone="danger" />
          {error}
        </p>
      )}
      {description !== null && <p className={styles.help}>{description}</p>}
    </div>
  )
}
