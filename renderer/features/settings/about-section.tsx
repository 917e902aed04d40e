import { useLocation } from 'wouter'
import { useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SettingRow } from './setting-row.tsx'

/** What this is, and where it can be reached. */
export function AboutSection() {
  const version = useSnapshot((snapshot) => snapshot.version)
  const [, goTo] = useLocation()
  const url = useSnapshot((snapshot) => snapshot.url)
  return (
    <Panel level={2} title="About">
      <SettingRow name={`Signalbox ${version}`} help="The control room for your MCP servers. MIT License." />
      <SettingRow name="Address" help={url === null ? 'It is not served over HTTP.' : <code>{url}</code>}>
        {url !== null && <CopyButton text={url} label="Copy the address" />}
      </SettingRow>
      <SettingRow
        name="API"
        help="All that scripts and other programs can ask for over HTTP, to be looked up and tried."
      >
        <Button onClick={() => goTo('/api')}>Open the reference</Button>
      </SettingRow>
    </Panel>
  )
}
