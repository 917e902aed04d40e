import { Dialog as Base } from '@base-ui/react/dialog'
import { type ReactNode, useRef } from 'react'
import styles from './dialog.module.css'
import { IconButton } from './icon-button.tsx'

interface DialogProps {
  open: boolean
  title: string
  description?: ReactNode
  /** In px; 480 unless told. */
  width?: number
  /** The buttons, quiet first, primary last. */
  footer?: ReactNode
  onClose: () => void
  children?: ReactNode
}

/** A window over the page; Escape and a click beside it close it, the focus returns. */
export function Dialog({ open, title, description, width = 480, footer, onClose, children }: DialogProps) {
  const body = useRef<HTMLDivElement>(null)
  const foot = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          className={styles.popup}
          style={{ width }}
          initialFocus={() => firstField(body.current) ?? firstButton(foot.current) ?? true}
        >
          <div className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <IconButton glyph="x" label="Close" size="small" onClick={onClose} />
          </div>
          {description && <Base.Description className={styles.description}>{description}</Base.Description>}
          {children && (
            <div ref={body} className={styles.body}>
              {children}
            </div>
          )}
          {footer && (
            <div ref={foot} className={styles.footer}>
              {footer}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function firstField(part: HTMLElement | null): HTMLElement | undefined {
  return part?.querySelector<HTMLElement>('input, textarea') ?? undefined
}

function firstButton(part: HTMLElement | null): HTMLElement | undefined {
  return part?.querySelector<HTMLElement>('button') ?? undefined
}
