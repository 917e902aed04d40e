import { useState } from 'react'
import { type Signing, webhookNameSchema } from '../../../shared/webhooks.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import form from './dialog-form.module.css'
import styles from './source-dialog.module.css'

const kinds = [
  { value: 'github', label: 'GitHub' },
  { value: 'standard', label: 'Standard Webhooks' },
  { value: 'hmac', label: 'HMAC in a header' },
] as const

/** Lets somebody send webhooks; shows the secret, this once. */
export function SourceDialog({ onClose }: { onClose: () => void }) {
  const url = useSnapshot((snapshot) => snapshot.url)
  const [kind, setKind] = useState<Signing['kind']>('github')
  const [name, setName] = useState('github')
  const [header, setHeader] = useState('x-signature-256')
  const [made, setMade] = useState<{ path: string; secret: string } | null>(null)
  const command = useCommand()
  const isNamed = webhookNameSchema.safeParse(name).success

  async function make(): Promise<void> {
    const signing = kind === 'hmac' ? { kind, header, prefix: 'sha256=' } : { kind }
    const answer = await command.run((engine) => engine.webhooks.createSource({ name, signing }))
    if (answer) setMade({ path: answer.source.path, secret: answer.secret })
  }

  if (made !== null) {
    return (
      <Dialog
        open
        title={`The secret of ${name}`}
        description="Enter both at the sender now: the secret is not shown again."
        onClose={onClose}
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <div className={form.fields}>
          <Shown label="Address" text={`${url ?? ''}${made.path}`} />
          <Shown label="Secret" text={made.secret} />
          <p className={styles.note}>
            Only programs on this machine reach this address. From the internet, bring webhooks to it by a tunnel or a
            proxy and name its host: <code>signalbox webhooks hosts hooks.example.com</code>
          </p>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      title="Let somebody send webhooks"
      description="Each sender has an address and a secret. What is not signed with it is refused and kept to be looked at."
      onClose={onClose}
      footer={
        <DialogActions
          verb="Make the secret"
          busy={command.isBusy}
          disabled={!isNamed}
          onDo={() => void make()}
          onCancel={onClose}
        />
      }
    >
      <div className={form.fields}>
        <div className={form.choice}>
          <span className={form.label}>It signs as</span>
          <Select label="It signs as" value={kind} options={kinds} onChange={setKind} />
        </div>
        <TextField
          label="Name"
          mono
          value={name}
          error={isNamed ? null : 'Lower case letters, digits, dash and underscore.'}
          help={`It stands in the address: /webhooks/${name}`}
          onChange={setName}
        />
        {kind === 'hmac' && (
          <TextField
            label="Header of the signature"
            mono
            value={header}
            help="Holds sha256= and the HMAC-SHA-256 of the body in hex. Other forms are set over the API."
            onChange={setHeader}
          />
        )}
      </div>
    </Dialog>
  )
}

function Shown({ label, text }: { label: string; text: string }) {
  return (
    <div className={form.choice}>
      <span className={form.label}>{label}</span>
      <span className={styles.secret}>
        <code>{text}</code>
        <CopyButton text={text} label={`Copy the ${label.toLowerCase()}`} />
      </span>
    </div>
  )
}
