import { useCommand } from '../../client/hooks.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './config-card.module.css'
import { settingsIn, withSettings } from './entry-settings.ts'

interface SleepChoiceProps {
  id: string
  /** As it stands in mcp.json. */
  entry: Readonly<Record<string, unknown>>
  /** The entry has changed. */
  onChanged: () => void
}

const never = 'never'
/** Seconds without a call. */
const offered = [300, 900, 3600, 14_400]

/** Whether a server sleeps until it is called, and when it is put to sleep again. */
export function SleepChoice({ id, entry, onChanged }: SleepChoiceProps) {
  const command = useCommand()
  const { on_demand: onDemand, idle_stop_s: idle } = settingsIn(entry)
  const idleS = typeof idle === 'number' ? idle : null
  const choices = idleS === null || offered.includes(idleS) ? offered : [...offered, idleS].sort((a, b) => a - b)

  async function change(settings: Record<string, unknown>): Promise<void> {
    const changed = withSettings(entry, settings)
    if (await command.run((client) => client.servers.saveConfig({ id, entry: changed }))) onChanged()
  }

  return (
    <section className={styles.card} aria-label="Sleep">
      <h3 className={styles.heading}>Sleep</h3>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the box is the control */}
      <label className={styles.choice}>
        <Checkbox
          checked={onDemand === true}
          disabled={command.isBusy}
          onChange={(isOn) => void change({ on_demand: isOn ? true : undefined })}
        />
        Starts with the first call
      </label>
      <div className={styles.choice}>
        Stops without calls
        <Select
          label="Stops without calls"
          value={idleS === null ? never : String(idleS)}
          options={[
            { value: never, label: 'never' },
            ...choices.map((s) => ({ value: String(s), label: `after ${spanOf(s)}` })),
          ]}
          onChange={(value) => void change({ idle_stop_s: value === never ? undefined : Number(value) })}
        />
      </div>
      <p className={styles.note}>
        While it sleeps its lists are served as it gave them last, and the first call wakes it.
      </p>
    </section>
  )
}

function spanOf(s: number): string {
  if (s % 3600 === 0) return `${s / 3600} h`
  return s % 60 === 0 ? `${s / 60} min` : `${s} s`
}
