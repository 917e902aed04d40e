import { useState } from 'react'
import type { Settings } from '../../../shared/settings.ts'
import type { PowerCutPrice } from '../../../shared/settings-contract.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Segments } from '../../ui/segments.tsx'
import { SettingRow } from './setting-row.tsx'
import styles from './store-section.module.css'

/** What a task on record survives, where all is kept, and whether the system starts Signalbox. */
export function StoreSection() {
  const { settings, can_start_on_login } = useSnapshot((snapshot) => snapshot.settings)
  const home = useSnapshot((snapshot) => snapshot.home)
  const command = useCommand()
  const set = (change: Partial<Settings>) => void command.run((client) => client.settings.set(change))
  return (
    <Panel level={2} title="Store">
      <SettingRow name="A task on record survives" help={<PowerCutHelp />}>
        <Segments
          label="A task on record survives"
          value={settings.tasks_survive_power_cut ? 'power_cut' : 'app_death'}
          segments={[
            { value: 'app_death', label: 'Any crash' },
            { value: 'power_cut', label: 'A power cut too' },
          ]}
          onChange={(next) => set({ tasks_survive_power_cut: next === 'power_cut' })}
        />
      </SettingRow>
      <SettingRow
        name="A flood of log lines"
        help="A server that writes on stderr faster than the log takes it waits at most 250 ms at a time; then lines are left out, and counted. Or it waits as long as it takes: slower, and complete. Text on stdout and MCP log messages come beside answers and never wait."
      >
        <Segments
          label="A flood of log lines"
          value={settings.log_pause_unlimited ? 'waits' : 'left_out'}
          segments={[
            { value: 'left_out', label: 'Is cut short' },
            { value: 'waits', label: 'Holds the server up' },
          ]}
          onChange={(next) => set({ log_pause_unlimited: next === 'waits' })}
        />
      </SettingRow>
      {can_start_on_login && (
        <SettingRow name="Start on login" help="Signalbox starts with your session and brings back what was on.">
          <Segments
            label="Start on login"
            value={settings.start_on_login ? 'on' : 'off'}
            segments={[
              { value: 'off', label: 'Off' },
              { value: 'on', label: 'On' },
            ]}
            onChange={(next) => set({ start_on_login: next === 'on' })}
          />
        </SettingRow>
      )}
      <SettingRow name="Home folder" help={<code>{home}</code>}>
        <CopyButton text={home} label="Copy the path of the home folder" />
      </SettingRow>
    </Panel>
  )
}

/** The price of it, as measured for the documents, or on this machine when asked for. */
function PowerCutHelp() {
  const [price, setPrice] = useState<PowerCutPrice | null>(null)
  const command = useCommand()
  async function measure(): Promise<void> {
    const measured = await command.run((client) => client.settings.measurePowerCutPrice())
    if (measured) setPrice(measured)
  }
  return (
    <>
      A crash or a kill never loses an acknowledged task. For a power cut each record is also forced to the disk: two
      for a call of a client, three for one from the page, the terminal, the API or a rule. In our measurement recording
      a call then took 0.5 ms instead of 0.01 ms, and 4 times the processor time.
      <div className={styles.price}>
        <Button size="small" busy={command.isBusy} onClick={() => void measure()}>
          {price === null ? 'Measure it here' : 'Measure again'}
        </Button>
        <span role="status">
          {price !== null &&
            `Here it adds about ${price.call_ms} ms to a call of a client and ${price.other_ms} ms to any other, medians of ${formatCount(price.calls)}.`}
        </span>
      </div>
    </>
  )
}
