import type { DeliverySummary } from '../../../shared/webhooks.ts'
import { useCall, useCommand } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Button } from '../../ui/button.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { formatBytes, formatDateTime } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import well from '../../ui/well.module.css'
import styles from './delivery-detail.module.css'
import { deliveryLooks } from './delivery-look.ts'
import register from './register.module.css'

interface DeliveryDetailProps {
  summary: DeliverySummary
  /** Shows another one. */
  onOpen: (id: string) => void
}

/** One webhook as it came: verdict, headers, body; and once more. */
export function DeliveryDetail({ summary, onOpen }: DeliveryDetailProps) {
  const zone = usePreferences((preferences) => preferences.zone)
  const command = useCommand()
  const { id, verdict, why, event, source, sent_id, bytes, redelivery_of, is_late, at } = summary
  const look = deliveryLooks[verdict]
  const answer = useCall(`delivery ${id}`, (engine, signal) => engine.webhooks.delivery({ id }, { signal }))

  async function again(): Promise<void> {
    const made = await command.run((engine) => engine.webhooks.redeliver({ id }))
    if (made) onOpen(made.id)
  }

  return (
    <section aria-label="The delivery" className={register.detail}>
      <header className={register.head}>
        <Glyph name={look.glyph} tone={look.tone} />
        <h2 className={register.title}>
          {look.word}
          {summary.sent_event !== null && `: ${summary.sent_event}`}
        </h2>
        {event !== null && (
          <Button size="small" busy={command.isBusy} onClick={() => void again()}>
            Redeliver
          </Button>
        )}
      </header>
      {why !== null && <p className={styles.why}>{why}</p>}
      <p className={styles.facts}>
        <time dateTime={at}>{formatDateTime(at, zone)}</time>
        <span>{source === null ? 'signed by nobody that we know' : `signed as ${source}`}</span>
        {event !== null && <span>became {event}</span>}
        {is_late && <span>something later came before it</span>}
        {redelivery_of !== null && <span>again of …{redelivery_of.slice(-6)}</span>}
        {sent_id !== null && <code title="Id of the sender">{sent_id}</code>}
        <span>{formatBytes(bytes)}</span>
      </p>
      {answer.kind === 'failed' && <FailedState failure={answer.failure} onRetry={answer.reload} />}
      {answer.kind === 'done' && (
        <>
          <div className={styles.block}>
            <h3 className={styles.blockTitle}>Headers</h3>
            <dl className={styles.headers}>
              {answer.data.headers.map(([name, value], index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice
                <HeaderLine key={index} name={name} value={value} />
              ))}
            </dl>
          </div>
          <div className={styles.block}>
            <Body text={answer.data.body} isCut={answer.data.is_cut} />
          </div>
        </>
      )}
    </section>
  )
}

function HeaderLine({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

function Body({ text, isCut }: { text: string; isCut: boolean }) {
  const value = isCut ? undefined : jsonOf(text)
  if (value !== undefined) return <JsonView label="Body" value={value} openDepth={1} />
  return (
    <>
      <h3 className={styles.blockTitle}>Body{isCut && ', its beginning'}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className={`${well.well} ${styles.raw}`} tabIndex={0}>
        {text === '' ? 'It was empty.' : text}
      </pre>
    </>
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Then it is shown as the text that it is.
    return undefined
  }
}
