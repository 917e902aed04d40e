import { useState } from 'react'
import type { ServerId } from '../../../shared/ids.ts'
import { secretNameSchema } from '../../../shared/secret.ts'
import { useCommand } from '../../client/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { announceToast } from '../../ui/toast.tsx'
import styles from './secret-dialog.module.css'

interface SecretDialogProps {
  /** Null where the name is asked for, too. */
  name: string | null
  /** False where it replaces a value. */
  isNew: boolean
  onClose: () => void
}

/** Takes the value of a secret into the vault; what runs with the earlier one is offered a restart. */
export function SecretDialog({ name: known, isNew, onClose }: SecretDialogProps) {
  const [typed, setTyped] = useState('')
  const [value, setValue] = useState('')
  const [restart, setRestart] = useState<readonly ServerId[]>([])
  const command = useCommand()
  const name = known ?? typed.trim()
  const isNamed = secretNameSchema.safeParse(name).success
  const isReady = value !== '' && isNamed

  async function save(): Promise<void> {
    if (!isReady || command.isBusy) return
    const saved = await command.run((client) => client.secrets.set({ name, value }))
    if (!saved) return
    if (saved.restart.length > 0) return setRestart(saved.restart)
    announceToast({ title: `${name} is in the vault`, message: 'Servers that waited for it start again.' })
    onClose()
  }
  async function restartAll(): Promise<void> {
    const asked = await command.run((client) => Promise.all(restart.map((id) => client.servers.restart({ id }))))
    if (asked) onClose()
  }

  if (restart.length > 0) {
    const [one] = restart
    return (
      <Dialog
        open
        title={`${name} has its new value`}
        description={
          restart.length === 1
            ? `${one} still runs with the earlier one. A restart cuts off the calls that it has.`
            : 'These servers still run with the earlier one. A restart cuts off the calls that they have.'
        }
        onClose={onClose}
        footer={
          <DialogActions
            verb={restart.length === 1 ? `Restart ${one}` : `Restart ${restart.length} servers`}
            cancel="Later"
            glyph="restart"
            busy={command.isBusy}
            onDo={() => void restartAll()}
            onCancel={onClose}
          />
        }
      >
        {restart.length > 1 && <p className={styles.servers}>{restart.join(', ')}</p>}
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      title={known === null ? 'Add a secret' : isNew ? `Add ${known}` : `New value for ${known}`}
      description="It is kept sealed, handed to servers when they start, and masked in every log and task."
      onClose={onClose}
      footer={
        <DialogActions
          verb={isNew ? 'Add secret' : 'Replace it'}
          busy={command.isBusy}
          disabled={!isReady}
          onDo={() => void save()}
          onCancel={onClose}
        />
      }
    >
      <div className={styles.fields}>
        {known === null && (
          <TextField
            label="Name"
            help="As it stands in ${secret:NAME}"
            error={typed === '' || isNamed ? null : 'Letters, digits, dot, dash and underscore, 128 at most'}
            mono
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={setTyped}
          />
        )}
        <TextField
          label="Value"
          help="It is not shown again, here or anywhere."
          type="password"
          autoComplete="off"
          mono
          value={value}
          onChange={setValue}
          onKeyDown={(event) => event.key === 'Enter' && void save()}
        />
      </div>
    </Dialog>
  )
}
