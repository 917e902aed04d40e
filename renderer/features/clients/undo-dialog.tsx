import { useCommand } from '../../client/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { announceToast } from '../../ui/toast.tsx'
import type { ChosenPlace } from './programs-panel.tsx'

interface UndoDialogProps {
  chosen: ChosenPlace
  onClose: () => void
  onUndone: () => void
}

/** Takes back what was written into another program's file: to the byte, or our entry alone where it changed since. */
export function UndoDialog({ chosen: { program, place }, onClose, onUndone }: UndoDialogProps) {
  const command = useCommand()
  const how = place.undo === 'exact' ? 'exact' : 'entry'
  async function undo(): Promise<void> {
    const { scope, folder } = place
    const undone = await command.run((engine) => engine.connect.undo({ program: program.id, scope, folder, how }))
    if (undone) announceToast({ title: `${program.name} is as it was`, message: undone.restart })
    onUndone()
    onClose()
  }
  return (
    <Dialog
      open
      title={`Take the connection of ${program.name} back`}
      description={
        how === 'exact'
          ? `${place.path} gets back the very bytes that it had.`
          : `${place.path} changed since, so only our entry is taken out; all else stays.`
      }
      onClose={onClose}
      footer={<DialogActions verb="Undo" busy={command.isBusy} onDo={() => void undo()} onCancel={onClose} />}
    />
  )
}
