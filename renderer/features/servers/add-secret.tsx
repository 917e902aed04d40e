import { useState } from 'react'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { announceToast } from '../../ui/toast.tsx'

/** Takes the values of missing secrets into the vault, one after another. What is typed is never shown again. */
export function AddSecret({ names }: { names: readonly string[] }) {
  const [name, setName] = useState<string | null>(null)
  return (
    <>
      {names.map((one) => (
        <Button key={one} glyph="key" variant="primary" onClick={() => setName(one)}>
          Add secret {one}
        </Button>
      ))}
      {name !== null && <SecretDialog name={name} onClose={() => setName(null)} />}
    </>
  )
}

function SecretDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [value, setValue] = useState('')
  const command = useCommand()
  async function save(): Promise<void> {
    if (value === '' || command.isBusy) return
    const saved = await command.run((client) => client.secrets.set({ name, value }))
    if (!saved) return
    announceToast({ title: `${name} is in the vault`, message: 'Servers that waited for it start again.' })
    onClose()
  }
  return (
    <Dialog
      open
      title={`Add secret ${name}`}
      description="It is kept sealed, handed to servers when they start, and masked in every log and task."
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" busy={command.isBusy} disabled={value === ''} onClick={() => void save()}>
            Add secret
          </Button>
        </>
      }
    >
      <TextField
        label="Value"
        type="password"
        autoComplete="off"
        mono
        value={value}
        onChange={setValue}
        onKeyDown={(event) => event.key === 'Enter' && void save()}
      />
    </Dialog>
  )
}
