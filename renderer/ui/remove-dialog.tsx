import type { ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import { DialogActions } from './dialog-actions.tsx'

interface RemoveDialogProps {
  open: boolean
  title: string
  /** What goes with it, and what stays. */
  description: ReactNode
  verb?: string
  busy: boolean
  onRemove: () => void
  onClose: () => void
}

/** Asks before something is taken away for good. */
export function RemoveDialog({ verb = 'Remove', busy, onRemove, ...rest }: RemoveDialogProps) {
  return (
    <Dialog
      {...rest}
      footer={<DialogActions verb={verb} cancel="Keep it" danger busy={busy} onDo={onRemove} onCancel={rest.onClose} />}
    />
  )
}
