import { type ReactNode, useState } from 'react'
import type { EngineClient } from '../../client/engine-client.ts'
import { useCommand } from '../../client/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { TextField } from '../../ui/text-field.tsx'

interface FileDialogProps {
  title: string
  description: ReactNode
  /** What stands in the field at first. */
  proposal: string
  /** On the button. */
  verb: string
  /** True once it is done; a failure is told as a toast and the dialog stays. */
  run: (client: EngineClient, file: string) => Promise<void>
  onClose: () => void
}

/** Asks for a file on the machine that Signalbox runs on: a page cannot see its folders. */
export function FileDialog({ title, description, proposal, verb, run, onClose }: FileDialogProps) {
  const [file, setFile] = useState(proposal)
  const command = useCommand()
  async function go(): Promise<void> {
    if (file.trim() === '' || command.isBusy) return
    const isDone = await command.run(async (client) => {
      await run(client, file.trim())
      return true
    })
    if (isDone) onClose()
  }
  return (
    <Dialog
      open
      title={title}
      description={description}
      width={560}
      onClose={onClose}
      footer={
        <DialogActions
          verb={verb}
          busy={command.isBusy}
          disabled={file.trim() === ''}
          onDo={() => void go()}
          onCancel={onClose}
        />
      }
    >
      <TextField
        label="File"
        help="The whole path, on the machine that Signalbox runs on"
        mono
        autoComplete="off"
        spellCheck={false}
        value={file}
        onChange={setFile}
        onKeyDown={(event) => event.key === 'Enter' && void go()}
      />
    </Dialog>
  )
}
