import { useState } from 'react'
import type { Settings } from '../../../shared/settings.ts'
import type { Held } from '../../../shared/settings-contract.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Button } from '../../ui/button.tsx'
import { countOf, formatBytes, formatDateTime } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { type LimitField, limitText, logLimits, readLimit, taskLimits } from './limit-fields.ts'
import styles from './retention-section.module.css'

type Drafts = Partial<Record<LimitField['key'], string>>

/** How long tasks and log lines stay. Nothing goes before Save: a limit that is half typed must remove nothing. */
export function RetentionSection({ held }: { held: { tasks: Held; logs: Held } | null }) {
  const { settings } = useSnapshot((snapshot) => snapshot.settings)
  const [drafts, setDrafts] = useState<Drafts>({})
  const command = useCommand()
  const fields = [...taskLimits, ...logLimits]
  const texts = Object.fromEntries(
    fields.map((field) => [field.key, drafts[field.key] ?? limitText(field, settings[field.key])]),
  ) as Record<LimitField['key'], string>
  const changed = fields.filter((field) => texts[field.key] !== limitText(field, settings[field.key]))
  const readings = changed.map((field) => ({ field, reading: readLimit(field, texts[field.key]) }))
  const isSound = readings.every(({ reading }) => 'value' in reading)
  const isLower = readings.some(({ field, reading }) => 'value' in reading && reading.value < settings[field.key])

  async function save(): Promise<void> {
    if (!isSound || command.isBusy) return
    const change: Partial<Settings> = {}
    for (const { field, reading } of readings) if ('value' in reading) change[field.key] = reading.value
    const saved = await command.run((client) => client.settings.set(change))
    if (!saved) return
    setDrafts({})
    announceToast({ title: 'The limits are saved', message: 'What is over them goes in small steps, oldest first.' })
  }

  const group = (name: string, what: string, limits: readonly LimitField[], now: Held | undefined) => (
    <section className={styles.group} aria-label={name}>
      <div className={styles.name}>{name}</div>
      <div className={styles.held}>{now && <HeldText held={now} what={what} />}</div>
      <div className={styles.fields}>
        {limits.map((field) => {
          const reading = readLimit(field, texts[field.key])
          return (
            <TextField
              key={field.key}
              label={field.label}
              note={`at most, ${field.unit}`}
              inputMode="numeric"
              autoComplete="off"
              mono
              error={'problem' in reading ? reading.problem : null}
              value={texts[field.key]}
              onChange={(text) => setDrafts((before) => ({ ...before, [field.key]: text }))}
              onKeyDown={(event) => event.key === 'Enter' && void save()}
            />
          )
        })}
      </div>
    </section>
  )

  return (
    <Panel level={2} title="Retention" note="the first limit that is met counts">
      {group('Finished tasks', 'task', taskLimits, held?.tasks)}
      {group('Log', 'line', logLimits, held?.logs)}
      <div className={styles.foot}>
        <span className={styles.note} role="status">
          {isLower && isSound ? 'What is over a lower limit is removed for good.' : ''}
        </span>
        <Button variant="quiet" disabled={changed.length === 0} onClick={() => setDrafts({})}>
          Undo changes
        </Button>
        <Button
          variant="primary"
          busy={command.isBusy}
          disabled={changed.length === 0 || !isSound}
          onClick={() => void save()}
        >
          Save limits
        </Button>
      </div>
    </Panel>
  )
}

function HeldText({ held, what }: { held: Held; what: string }) {
  const zone = usePreferences((state) => state.zone)
  const since = held.oldest_at === null ? '' : ` since ${formatDateTime(held.oldest_at, zone).slice(0, 10)}`
  return `Now ${countOf(held.count, what)}${since}, ${formatBytes(held.bytes)}`
}
