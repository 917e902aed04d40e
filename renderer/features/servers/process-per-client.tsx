import { useCommand, useServer } from '../../client/hooks.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import styles from './config-card.module.css'
import { settingsIn, withSettings } from './entry-settings.ts'

interface ProcessPerClientProps {
  id: string
  /** As it stands in mcp.json. */
  entry: Readonly<Record<string, unknown>>
  /** The entry has changed. */
  onChanged: () => void
}

/** For a local server: whether each client gets a process of its own. It holds from the next call on. */
export function ProcessPerClient({ id, entry, onChanged }: ProcessPerClientProps) {
  const running = useServer(id)?.client_processes ?? 0
  const command = useCommand()
  if (typeof entry.command !== 'string') return null
  const chosen = settingsIn(entry).process_per_client
  const most = typeof chosen === 'number' ? chosen : 8

  async function change(isOn: boolean): Promise<void> {
    const changed = withSettings(entry, { process_per_client: isOn ? true : undefined })
    if (await command.run((client) => client.servers.saveConfig({ id, entry: changed }))) onChanged()
  }

  return (
    <section className={styles.card} aria-label="Process for each client">
      <h3 className={styles.heading}>Process for each client</h3>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the box is the control */}
      <label className={styles.choice}>
        <Checkbox
          checked={chosen === true || typeof chosen === 'number'}
          disabled={command.isBusy}
          onChange={(isOn) => void change(isOn)}
        />
        Clients do not share one
      </label>
      <p className={styles.note}>
        For a server that remembers what one client told it, or asks without saying whom. At most {most} at once; each
        ends with its client’s session, or without calls.
        {running > 0 && ` ${running} ${running === 1 ? 'runs' : 'run'} now.`}
      </p>
    </section>
  )
}
