import { useState } from 'react'
import type { ProfileId } from '../../../shared/client.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './issue-dialog.module.css'
import { TokenDialog } from './token-dialog.tsx'

const everything = 'everything'

/** Makes a client and shows its token. */
export function IssueDialog({ onClose }: { onClose: () => void }) {
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const [name, setName] = useState('')
  const [profile, setProfile] = useState(everything)
  const [issued, setIssued] = useState<{ name: string; token: string } | null>(null)
  const command = useCommand()
  async function issue(): Promise<void> {
    if (name.trim() === '' || command.isBusy) return
    const answer = await command.run((engine) =>
      engine.clients.issue({ name, profile: profile === everything ? null : (profile as ProfileId) }),
    )
    if (answer) setIssued({ name: answer.client.name, token: answer.token })
  }
  if (issued) return <TokenDialog {...issued} onClose={onClose} />
  return (
    <Dialog
      open
      title="Issue a token"
      description="For a program that you set up by hand. Each program gets a token of its own, so that its calls carry its name."
      onClose={onClose}
      footer={
        <DialogActions
          verb="Issue"
          busy={command.isBusy}
          disabled={name.trim() === ''}
          onDo={() => void issue()}
          onCancel={onClose}
        />
      }
    >
      <div className={styles.form}>
        <TextField
          label="Name"
          value={name}
          placeholder="My script"
          help="Stands on each of its calls."
          onChange={setName}
          onKeyDown={(event) => event.key === 'Enter' && void issue()}
        />
        <div className={styles.field}>
          <span className={styles.label}>Reaches</span>
          <Select
            label="Reaches"
            value={profile}
            onChange={setProfile}
            options={[
              { value: everything, label: 'Everything' },
              ...profiles.map((one) => ({ value: one.id as string, label: one.name })),
            ]}
          />
        </div>
      </div>
    </Dialog>
  )
}
