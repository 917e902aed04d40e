import { useCall, useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { announceToast } from '../../ui/toast.tsx'
import styles from './search-path-section.module.css'
import { SettingRow } from './setting-row.tsx'

/** Where commands are looked for beyond the PATH that Signalbox was started with. */
export function SearchPathSection() {
  const path = useCall('search path', (client, signal) => client.app.searchPath(undefined, { signal }))
  const command = useCommand()
  async function detect(): Promise<void> {
    const found = await command.run((client) => client.app.detectSearchPath())
    if (!found) return
    path.reload()
    announceToast({ title: 'The search path is read', message: 'Starts from now on use it.' })
  }
  const known = path.kind === 'done' ? path.data : null
  return (
    <Panel level={2} title="Commands">
      <SettingRow
        name="Search path"
        help={
          known?.problem
            ? `${known.problem.message} ${known.problem.hint ?? ''}`
            : known?.shell
              ? `As ${known.shell} knows it. After installing a runtime, read it anew.`
              : 'Signalbox has the PATH that it was started with. After installing a runtime, ask the login shell.'
        }
      >
        <Button busy={command.isBusy} onClick={() => void detect()}>
          Detect search path
        </Button>
      </SettingRow>
      {known && known.folders.length > 0 && (
        <details className={styles.folders}>
          <summary>{countOf(known.folders.length, 'folder')} besides its own PATH</summary>
          <ol className={styles.list}>
            {known.folders.map((folder) => (
              <li key={folder}>{folder}</li>
            ))}
          </ol>
        </details>
      )}
    </Panel>
  )
}
