import { useState } from 'react'
import { useLocation } from 'wouter'
import { profileIdSchema } from '../../../shared/client.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf } from '../../ui/format.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useViewState } from '../../view-state.ts'
import { ProfileEditor } from './profile-editor.tsx'
import { profileIdOf } from './profile-id.ts'
import styles from './profiles-view.module.css'

interface ProfilesViewProps {
  isAdding: boolean
  onAdd: (isAdding: boolean) => void
}

/** The profiles, and the one that is chosen with all its switches. */
export function ProfilesView({ isAdding, onAdd }: ProfilesViewProps) {
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const [chosen, setChosen] = useViewState('profile', '')
  const [, go] = useLocation()
  const profile = profiles.find(({ id }) => id === chosen) ?? profiles[0]
  const dialog = isAdding && (
    <NewProfileDialog onClose={() => onAdd(false)} onMade={(id) => go(`/clients?view=profiles&profile=${id}`)} />
  )
  if (!profile) {
    return (
      <>
        <EmptyState
          glyph="filter"
          title="No profile yet"
          actions={
            <Button variant="primary" onClick={() => onAdd(true)}>
              New profile
            </Button>
          }
        >
          Every client reaches every tool. A profile grants a choice of servers and tools, to the clients that hold it.
        </EmptyState>
        {dialog}
      </>
    )
  }
  return (
    <div className={styles.view}>
      <nav className={styles.rail} aria-label="Profiles">
        {profiles.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className={styles.entry}
            aria-pressed={id === profile.id}
            onClick={() => setChosen(id)}
          >
            <span className={styles.name}>{name}</span>
            <span className={styles.count}>
              {countOf(clients.filter((client) => client.profile === id).length, 'client')}
            </span>
          </button>
        ))}
      </nav>
      <ProfileEditor key={profile.id} profile={profile} />
      {dialog}
    </div>
  )
}

function NewProfileDialog({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const [name, setName] = useState('')
  const command = useCommand()
  const id = profileIdSchema.safeParse(profileIdOf(name))
  const isTaken = profiles.some((profile) => profile.id === id.data)
  const isReady = id.success && !isTaken && !command.isBusy
  async function make(): Promise<void> {
    if (!isReady) return
    const saved = await command.run((engine) =>
      engine.profiles.save({ id: id.data, name: name.trim(), others: 'on', servers: [] }),
    )
    if (saved) onMade(saved.id)
  }
  return (
    <Dialog
      open
      title="New profile"
      description="It begins with everything switched on."
      onClose={onClose}
      footer={
        <DialogActions
          verb="Make it"
          busy={command.isBusy}
          disabled={!isReady}
          onDo={() => void make()}
          onCancel={onClose}
        />
      }
    >
      <TextField
        label="Name"
        value={name}
        placeholder="Work"
        error={isTaken ? 'There is such a profile already.' : null}
        help={id.success ? `Clients reach it at /mcp/p/${id.data}, too.` : 'Letters or digits are needed.'}
        onChange={setName}
        onKeyDown={(event) => event.key === 'Enter' && void make()}
      />
    </Dialog>
  )
}
