import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import type { GlyphName } from './glyph.tsx'

interface DialogActionsProps {
  /** What the primary button does, in its words. */
  verb: ReactNode
  /** Says what leaving undone means here; "Cancel" unless told. */
  cancel?: string
  glyph?: GlyphName
  danger?: boolean
  busy?: boolean
  disabled?: boolean
  onDo: () => void
  onCancel: () => void
}

/** The foot of a dialog that asks for one thing: the quiet way out, then the way on. */
export function DialogActions({
  verb,
  cancel = 'Cancel',
  danger = false,
  onDo,
  onCancel,
  ...rest
}: DialogActionsProps) {
  return (
    <>
      <Button variant="quiet" onClick={onCancel}>
        {cancel}
      </Button>
      <Button variant={danger ? 'danger' : 'primary'} {...rest} onClick={onDo}>
        {verb}
      </Button>
    </>
  )
}
