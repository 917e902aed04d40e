import { useState } from 'react'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Segments } from '../../ui/segments.tsx'
import styles from './endpoint-panel.module.css'

/** Where Prometheus reads the same numbers, if it may. */
export function EndpointPanel() {
  const isOn = useSnapshot((snapshot) => snapshot.settings.settings.metrics_endpoint)
  const url = useSnapshot((snapshot) => snapshot.url)
  const [token, setToken] = useState<string | null>(null)
  const answer = useCall('metrics status', (engine, signal) => engine.metrics.status(undefined, { signal }))
  const command = useCommand()
  const hasToken = token !== null || (answer.kind === 'done' && answer.data.has_token)

  async function renew(): Promise<void> {
    const made = await command.run((engine) => engine.metrics.newToken())
    if (made) setToken(made.token)
  }

  async function revoke(): Promise<void> {
    if ((await command.run((engine) => engine.metrics.revokeToken())) === undefined) return
    setToken(null)
    answer.reload()
  }

  return (
    <Panel title="Prometheus" level={2} note="off unless you switch it on; it always needs a token">
      <div className={styles.row}>
        <div>
          <div className={styles.name}>Endpoint</div>
          <div className={styles.help}>
            {url === null ? 'It answers where Signalbox has an address.' : <code>{`${url}/metrics`}</code>}
          </div>
        </div>
        <Segments
          label="Endpoint"
          value={isOn ? 'on' : 'off'}
          onChange={(next) => void command.run((engine) => engine.settings.set({ metrics_endpoint: next === 'on' }))}
          segments={[
            { value: 'off', label: 'Off' },
            { value: 'on', label: 'On' },
          ]}
        />
      </div>
      <div className={styles.row}>
        <div>
          <div className={styles.name}>Token for reading metrics</div>
          <div className={styles.help}>
            {hasToken
              ? 'It opens this address and nothing else. A new one ends the one before.'
              : 'There is none; the owner token works, and may do everything.'}
          </div>
        </div>
        <span className={styles.buttons}>
          {hasToken && (
            <Button size="small" variant="quiet" busy={command.isBusy} onClick={() => void revoke()}>
              End it
            </Button>
          )}
          <Button size="small" busy={command.isBusy} onClick={() => void renew()}>
            {hasToken ? 'New token' : 'Make a token'}
          </Button>
        </span>
      </div>
      {token !== null && (
        <div className={styles.row}>
          <div className={styles.shown} role="status">
            <div className={styles.help}>Shown this once; put it into a file that Prometheus reads.</div>
            <code className={styles.token}>{token}</code>
          </div>
          <CopyButton text={token} label="Copy the token for metrics" />
        </div>
      )}
    </Panel>
  )
}
