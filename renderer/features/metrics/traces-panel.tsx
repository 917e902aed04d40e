import { useState } from 'react'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './endpoint-panel.module.css'

/** Where each call is told as a trace, if anywhere. */
export function TracesPanel({ version }: { version: string }) {
  const endpoint = useSnapshot((snapshot) => snapshot.settings.settings.traces_endpoint)
  const [draft, setDraft] = useState<string | null>(null)
  const answer = useCall('traces status', (engine, signal) => engine.metrics.status(undefined, { signal }), version)
  const command = useCommand()
  const traces = answer.kind === 'done' ? answer.data.traces : null
  const text = draft ?? endpoint

  async function save(traces_endpoint: string): Promise<void> {
    if ((await command.run((engine) => engine.settings.set({ traces_endpoint }))) === undefined) return
    setDraft(null)
    answer.reload()
  }

  return (
    <Panel
      title="Traces"
      level={2}
      note="each call, over OTLP/HTTP, without its arguments and results; nowhere unless you name a collector"
    >
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault()
          void save(text.trim())
        }}
      >
        <TextField
          mono
          className={styles.address}
          label="Collector"
          note="empty: nowhere"
          placeholder="http://127.0.0.1:4318/v1/traces"
          value={text}
          onChange={setDraft}
        />
        <span className={styles.buttons}>
          {endpoint !== '' && (
            <Button size="small" variant="quiet" busy={command.isBusy} onClick={() => void save('')}>
              Switch off
            </Button>
          )}
          <Button size="small" type="submit" busy={command.isBusy} disabled={text.trim() === endpoint}>
            Save
          </Button>
        </span>
      </form>
      {traces?.is_on && (
        <div className={styles.row} role="status">
          <span className={styles.help}>
            {countOf(traces.sent, 'span')} sent{traces.lost > 0 && `, ${countOf(traces.lost, 'span')} lost`}
            {traces.last_failure !== null && `. The collector took nothing: ${traces.last_failure.message}`}
          </span>
        </div>
      )}
    </Panel>
  )
}
