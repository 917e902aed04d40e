import type { Consent } from '../../../shared/consent.ts'
import type { Server } from '../../../shared/server.ts'
import { wordDiff } from '../../../shared/word-diff.ts'
import type { Action } from '../../actions.ts'
import { useCall, useCommand } from '../../client/hooks.ts'
import { usePageActions } from '../../shell/page-actions.ts'
import { Button } from '../../ui/button.tsx'
import styles from './consent-panel.module.css'

/** What changed since a person agreed, word by word, and the button that agrees to it; nothing where nothing waits. */
export function ConsentPanel({ server }: { server: Server }) {
  const { id, held_tools: held } = server
  const waits = server.state === 'needs_consent' || held.length > 0
  const key = waits ? `consent ${id}` : null
  const review = useCall(key, (client, signal) => client.servers.consent({ id }, { signal }), `${server.since} ${held}`)
  const command = useCommand()
  const approval: Action = { id: `approve:${id}`, title: `Approve ${id}`, glyph: 'attention', run: approve }
  usePageActions(review.kind === 'done' && waits ? [approval] : [])
  if (!waits || review.kind === 'loading') return null
  if (review.kind === 'failed') return <p role="alert">{review.failure.message}</p>
  const { fields, tools, status } = review.data

  async function approve(): Promise<void> {
    if (review.kind !== 'done') return
    const { seen } = review.data
    await command.run((client) => client.servers.approve({ id, seen }))
    review.reload()
  }

  return (
    <section className={styles.panel} aria-label="What you agree to">
      <h2 className={styles.heading}>
        {status === 'new' ? 'This would run' : 'Changed since you agreed'}
        <Button variant="primary" busy={command.isBusy} onClick={() => void approve()}>
          Approve
        </Button>
      </h2>
      <dl className={styles.list}>
        {fields
          .filter(({ is_changed }) => is_changed)
          .map(({ field, before, after }) => (
            <Difference key={field} name={field} before={before} after={after} />
          ))}
        {tools.map(({ name, before, after }) => (
          <Difference key={`tool ${name}`} name={`tool ${name}`} before={before} after={after} />
        ))}
      </dl>
    </section>
  )
}

type DifferenceProps = Pick<Consent['tools'][number], 'name' | 'before' | 'after'>

function Difference({ name, before, after }: DifferenceProps) {
  const parts = wordDiff(shown(before ?? ''), shown(after ?? ''))
  return (
    <div className={styles.difference}>
      <dt>{name}</dt>
      <dd className={styles.text}>
        {parts.map(({ kind, text }, index) => {
          if (kind === 'same') return text
          const Tag = kind === 'gone' ? 'del' : 'ins'
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          return <Tag key={index}>{text}</Tag>
        })}
      </dd>
    </div>
  )
}

/** Characters that a reader would not see, by their numbers: that they cannot be seen is what they are for. */
function shown(text: string): string {
  return text.replace(
    /[\p{Cf}\p{Co}]|(?![\n\t])\p{Cc}/gu,
    (char) => `⟨U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
}
