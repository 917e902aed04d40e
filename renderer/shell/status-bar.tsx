import { useSnapshot } from '../client/hooks.ts'
import { useEngineStore } from '../client/store.ts'
import { type Density, setPreferences, type Theme, usePreferences } from '../preferences.ts'
import { formatCount, type TimeZoneChoice } from '../ui/format.ts'
import { Glyph } from '../ui/glyph.tsx'
import { Menu, MenuRadio, MenuSeparator } from '../ui/menu.tsx'
import styles from './status-bar.module.css'

const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]
const densities: readonly { value: Density; label: string }[] = [
  { value: 'compact', label: 'Compact' },
  { value: 'comfortable', label: 'Comfortable' },
]
const zones: readonly { value: TimeZoneChoice; label: string }[] = [
  { value: 'local', label: 'Local time' },
  { value: 'utc', label: 'UTC' },
]

/** The foot of the window: where it can be reached, what is on record, how it looks. */
export function StatusBar() {
  const total = useSnapshot((snapshot) => snapshot.tasks_total)
  const version = useSnapshot((snapshot) => snapshot.version)
  const { theme, density, zone } = usePreferences()
  return (
    <footer className={styles.bar}>
      <Address />
      <span className={styles.fact}>
        <b className={styles.value}>{formatCount(total)}</b> {total === 1 ? 'task' : 'tasks'} on record
      </span>
      <span className={styles.spring} />
      <span className={styles.fact}>Signalbox {version}</span>
      <Menu
        side="top"
        trigger={
          <button type="button" className={styles.menu}>
            {zone === 'utc' ? 'UTC' : 'Local time'}
            <Glyph name="settings" size={12} />
          </button>
        }
      >
        <MenuRadio
          label="Theme"
          value={theme}
          options={themes}
          onChange={(value) => setPreferences({ theme: value })}
        />
        <MenuSeparator />
        <MenuRadio
          label="Rows"
          value={density}
          options={densities}
          onChange={(value) => setPreferences({ density: value })}
        />
        <MenuSeparator />
        <MenuRadio label="Times" value={zone} options={zones} onChange={(value) => setPreferences({ zone: value })} />
      </Menu>
    </footer>
  )
}

function Address() {
  const url = useSnapshot((snapshot) => snapshot.url)
  const isOpen = useEngineStore((state) => state.connection.kind === 'open')
  if (!isOpen) {
    return (
      <span className={styles.fact}>
        <Glyph name="backing-off" tone="caution" size={12} />
        Not connected
      </span>
    )
  }
  return (
    <span className={styles.fact}>
      <Glyph name={url === null ? 'stopped' : 'ready'} tone={url === null ? 'stopped' : 'ready'} size={12} />
      {url === null ? 'Address not open' : <code className={styles.value}>{url.replace(/^https?:\/\//, '')}</code>}
    </span>
  )
}
