import { setPreferences, usePreferences } from '../../preferences.ts'
import { Panel } from '../../ui/panel.tsx'
import { Segments } from '../../ui/segments.tsx'
import { SettingRow } from './setting-row.tsx'

/** How this person likes the page; kept in this browser alone. */
export function AppearanceSection() {
  const { theme, density, zone } = usePreferences()
  return (
    <Panel level={2} title="Appearance" note="kept in this browser">
      <SettingRow name="Theme">
        <Segments
          label="Theme"
          value={theme}
          segments={[
            { value: 'system', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(next) => setPreferences({ theme: next })}
        />
      </SettingRow>
      <SettingRow name="Rows">
        <Segments
          label="Rows"
          value={density}
          segments={[
            { value: 'compact', label: 'Compact' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
          onChange={(next) => setPreferences({ density: next })}
        />
      </SettingRow>
      <SettingRow name="Times">
        <Segments
          label="Times"
          value={zone}
          segments={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
          onChange={(next) => setPreferences({ zone: next })}
        />
      </SettingRow>
    </Panel>
  )
}
