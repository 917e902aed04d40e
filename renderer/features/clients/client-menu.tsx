import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Client } from '../../../shared/client.ts'
import { useCommand } from '../../client/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { TokenDialog } from './token-dialog.tsx'

type Open = null | 'rename' | 'rotate' | 'revoke' | 'remove' | { token: string }

/** What can be done with a client; what ends something asks first. */
export function ClientMenu({ client }: { client: Client }) {
  const [open, setOpen] = useState<Open>(null)
  const [, go] = useLocation()
  const command = useCommand()
  const { id, name } = client
  const isRevoked = client.revoked_at !== null
  const close = (): void => setOpen(null)

  async function rotate(): Promise<void> {
    const rotated = await command.run((engine) => engine.clients.rotate({ id }))
    setOpen(rotated ? { token: rotated.token } : null)
  }

  async function end(verb: 'revoke' | 'remove'): Promise<void> {
    await command.run((engine): Promise<unknown> => engine.clients[verb]({ id }))
    close()
  }

  return (
    <>
      <Menu trigger={<IconButton glyph="more" size="small" label={`More about ${name}`} />}>
        <MenuItem glyph="tasks" onSelect={() => go(`/tasks?origin=${encodeURIComponent(`client:${name}`)}`)}>
          See its calls
        </MenuItem>
        <MenuItem onSelect={() => setOpen('rename')}>Rename</MenuItem>
        <MenuSeparator />
        <MenuItem glyph="restart" disabled={isRevoked} onSelect={() => setOpen('rotate')}>
          Rotate its token
        </MenuItem>
        <MenuItem glyph="lock" tone="danger" disabled={isRevoked} onSelect={() => setOpen('revoke')}>
          Revoke its token
        </MenuItem>
        <MenuItem glyph="x" tone="danger" onSelect={() => setOpen('remove')}>
          Remove
        </MenuItem>
      </Menu>
      {open === 'rename' && <RenameDialog client={client} onClose={close} />}
      {open === 'rotate' && (
        <Question
          title={`Rotate the token of ${name}`}
          verb="Rotate"
          isBusy={command.isBusy}
          onClose={close}
          onYes={() => void rotate()}
        >
          The old token ends at once. Put the new one where the old one stands; a bridge fetches it by itself.
        </Question>
      )}
      {(open === 'revoke' || open === 'remove') && (
        <Question
          title={open === 'revoke' ? `Revoke the token of ${name}` : `Remove ${name}`}
          verb={open === 'revoke' ? 'Revoke' : 'Remove'}
          isDanger
          isBusy={command.isBusy}
          onClose={close}
          onYes={() => void end(open)}
        >
          {open === 'revoke'
            ? 'It ends at once and for good. The client stays here, with its calls, until you remove it.'
            : 'Its token ends at once. Its calls stay among the tasks.'}
        </Question>
      )}
      {typeof open === 'object' && open !== null && <TokenDialog name={name} token={open.token} onClose={close} />}
    </>
  )
}

interface QuestionProps {
  title: string
  verb: string
  isDanger?: boolean
  isBusy: boolean
  onClose: () => void
  onYes: () => void
  children: string
}

function Question({ title, verb, isDanger = false, isBusy, onClose, onYes, children }: QuestionProps) {
  return (
    <Dialog
      open
      title={title}
      description={children}
      onClose={onClose}
      footer={<DialogActions verb={verb} danger={isDanger} busy={isBusy} onDo={onYes} onCancel={onClose} />}
    />
  )
}

function RenameDialog({ client, onClose }: { client: Client; onClose: () => void }) {
  const [name, setName] = useState(client.name)
  const command = useCommand()
  async function save(): Promise<void> {
    const renamed = await command.run((engine) => engine.clients.rename({ id: client.id, name }))
    if (renamed) onClose()
  }
  return (
    <Dialog
      open
      title={`Rename ${client.name}`}
      onClose={onClose}
      footer={
        <DialogActions
          verb="Rename"
          busy={command.isBusy}
          disabled={name.trim() === ''}
          onDo={() => void save()}
          onCancel={onClose}
        />
      }
    >
      <TextField
        label="Name"
        value={name}
        help="Its calls so far keep the old name."
        onChange={setName}
        onKeyDown={(event) => event.key === 'Enter' && void save()}
      />
    </Dialog>
  )
}
