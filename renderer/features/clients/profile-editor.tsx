import { useState } from 'react'
import { isGranted, type Profile, withServer, withTools } from '../../../shared/client.ts'
import type { Server } from '../../../shared/server.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { countOf } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Lever } from '../../ui/lever.tsx'
import { NumberPlate } from '../../ui/number-plate.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './profile-editor.module.css'

const others = [
  { value: 'on', label: 'On, later ones too' },
  { value: 'off', label: 'Off, later ones too' },
] as const

/** The switches of one profile: a lever for each server, a tick for each of its tools. Each click is saved at once. */
export function ProfileEditor({ profile }: { profile: Profile }) {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const [open, setOpen] = useState<string | null>(null)
  const command = useCommand()
  const holders = clients.filter((client) => client.profile === profile.id)
  const save = (next: Profile): void => void command.run((engine) => engine.profiles.save(next))

  return (
    <section className={styles.editor} aria-label={profile.name}>
      <div className={styles.head}>
        <h2 className={styles.name}>{profile.name}</h2>
        <span className={styles.note}>
          {holders.length === 0 ? 'No client holds it' : `Held by ${holders.map(({ name }) => name).join(', ')}`}; at{' '}
          <code>/mcp/p/{profile.id}</code>
        </span>
        <Button
          size="small"
          variant="danger"
          disabled={holders.length > 0}
          title={holders.length > 0 ? 'Give its clients another profile first' : undefined}
          onClick={() => void command.run((engine) => engine.profiles.remove({ id: profile.id }))}
        >
          Remove
        </Button>
      </div>
      <div className={styles.others}>
        <span id="others">Servers that it does not name</span>
        <Select
          label="Servers that it does not name"
          value={profile.others}
          options={others}
          onChange={(next) => save({ ...profile, others: next })}
        />
      </div>
      <ul className={styles.servers} aria-label="Servers">
        {servers.map((server) => (
          <ServerGrantRow
            key={server.id}
            server={server}
            profile={profile}
            isOpen={open === server.id}
            onOpen={() => setOpen(open === server.id ? null : server.id)}
            onSave={save}
          />
        ))}
      </ul>
    </section>
  )
}

interface RowProps {
  server: Server
  profile: Profile
  isOpen: boolean
  onOpen: () => void
  onSave: (profile: Profile) => void
}

function ServerGrantRow({ server, profile, isOpen, onOpen, onSave }: RowProps) {
  const { id, number, tools } = server
  const grant = profile.servers.find((one) => one.server === id)
  const isOn = isGranted(profile, id)
  const off = grant?.tools_off.length ?? 0
  return (
    <li className={styles.server}>
      <div className={styles.row}>
        <Lever
          label={`${id}: granted by ${profile.name}`}
          wished={isOn}
          proved
          onThrow={(next) => onSave(withServer(profile, id, next))}
        />
        <NumberPlate number={number} />
        <span className={styles.serverName}>{id}</span>
        <span className={styles.note}>{grant !== undefined && 'set here'}</span>
        <span className={styles.count}>{toolsText(tools, off, isOn)}</span>
        <IconButton
          glyph={isOpen ? 'chevron-down' : 'chevron'}
          size="small"
          label={`${isOpen ? 'Hide' : 'Show'} the tools of ${id}`}
          aria-expanded={isOpen}
          onClick={onOpen}
        />
      </div>
      {isOpen && <ToolTicks server={server} profile={profile} onSave={onSave} />}
    </li>
  )
}

/** `10 of 12 tools` */
function toolsText(tools: number | null, off: number, isOn: boolean): string {
  if (tools === null) return 'not listed yet'
  if (!isOn) return `${countOf(tools, 'tool')}, off`
  return off === 0 ? countOf(tools, 'tool') : `${Math.max(0, tools - off)} of ${countOf(tools, 'tool')}`
}

function ToolTicks({ server, profile, onSave }: Pick<RowProps, 'server' | 'profile' | 'onSave'>) {
  const { id } = server
  const answer = useCall(id, (engine, signal) => engine.servers.tools({ id }, { signal }), `${server.tools}`)
  if (answer.kind === 'loading') return null
  if (answer.kind === 'failed') return <p className={styles.none}>{answer.failure.message}</p>
  const names = answer.data.items.map(({ name }) => name)
  if (names.length === 0) return <p className={styles.none}>Its tools are listed once it has been ready.</p>
  const off = new Set(profile.servers.find((one) => one.server === id)?.tools_off)
  const isServerOn = isGranted(profile, id)
  return (
    <div className={styles.tools}>
      <div className={styles.all}>
        <Button size="small" variant="quiet" onClick={() => onSave(withTools(profile, id, names, true))}>
          Tick all
        </Button>
        <Button size="small" variant="quiet" onClick={() => onSave(withTools(profile, id, names, false))}>
          Tick none
        </Button>
        {!isServerOn && <span className={styles.note}>Nothing of it is served while its lever is off.</span>}
      </div>
      <ul className={styles.ticks} aria-label={`Tools of ${id}`}>
        {names.map((name) => (
          <li key={name}>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the tick box within is the control */}
            <label className={styles.tick} title={name}>
              <Checkbox
                checked={!off.has(name)}
                onChange={(isOn) => onSave(withTools(profile, id, [name], isOn))}
                label={name}
              />
              <span className={styles.tool}>{name}</span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  )
}
