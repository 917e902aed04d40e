import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { originLabel } from './pattern-text.ts'
import styles from './rows.module.css'
import { VerdictGlyph } from './verdict-glyph.tsx'

/** Answers that hold for later calls, each to be taken back. */
export function RememberedList() {
  const waiting = useSnapshot((snapshot) => snapshot.approvals)
  const version = waiting.map(({ id }) => id).join()
  const answer = useCall('remembered', (engine, signal) => engine.approvals.remembered(undefined, { signal }), version)
  const command = useCommand()
  const items = answer.kind === 'done' ? answer.data.items : []
  async function revoke(id: string): Promise<void> {
    await command.run((engine) => engine.approvals.revoke({ id }))
    answer.reload()
  }
  return (
    <Panel title="Remembered answers" level={2} note="a tool that is worded otherwise later asks anew">
      {answer.kind === 'failed' && <p className={styles.none}>{answer.failure.message}</p>}
      {answer.kind === 'done' && items.length === 0 && (
        <p className={styles.none}>None. An answer is remembered when you choose “Always” or “until Signalbox ends”.</p>
      )}
      <ul aria-label="Remembered answers">
        {items.map(({ id, verdict, server, tool, origin, scope, remember, by, at }) => (
          <li key={id} className={styles.row} aria-label={`${tool} of ${server}`}>
            <VerdictGlyph verdict={verdict} />
            <div className={styles.what}>
              <span className={styles.name}>
                <code>{tool}</code> of {server}
              </span>
              <span className={styles.note}>
                {verdict === 'allow' ? 'allowed' : 'denied'}{' '}
                {scope === 'tool' ? 'whoever calls it' : `for ${originLabel(origin)}`},{' '}
                {remember === 'always' ? 'always' : 'until Signalbox ends'}; said by {originLabel(by)} <Age at={at} />{' '}
                ago
              </span>
            </div>
            <Button size="small" disabled={command.isBusy} onClick={() => void revoke(id)}>
              Ask again
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
