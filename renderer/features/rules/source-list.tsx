import { useState } from 'react'
import type { WebhookSource } from '../../../shared/webhooks.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'
import styles from './source-list.module.css'

/** Who may send, where to, and how it signs. */
export function SourceList() {
  const sources = useSnapshot((snapshot) => snapshot.webhook_sources)
  const url = useSnapshot((snapshot) => snapshot.url)
  const [leaving, setLeaving] = useState<WebhookSource | null>(null)
  const command = useCommand()
  async function remove(): Promise<void> {
    if (await command.run((engine) => engine.webhooks.removeSource({ id: leaving!.id }))) setLeaving(null)
  }
  return (
    <>
      <ul className={styles.sources} aria-label="Who may send">
        {sources.map((source) => {
          const { id, name, path, signing, secrets, problem } = source
          return (
            <li key={id} className={styles.source} aria-label={name}>
              <Glyph name="key" tone={problem === null ? 'soft' : 'danger'} />
              <span className={styles.name}>{name}</span>
              <span className={styles.address}>
                <code>{path}</code>
                <CopyButton text={`${url ?? ''}${path}`} label={`Copy the address of ${name}`} />
              </span>
              <span className={styles.signing}>
                {signingWords(signing)}, {secrets.map(({ hint }) => `…${hint}`).join(' and ')}
              </span>
              <IconButton
                glyph="x"
                size="small"
                label={`Take nothing more of ${name}`}
                onClick={() => setLeaving(source)}
              />
              {problem !== null && <span className={styles.trouble}>{problem.message}</span>}
            </li>
          )
        })}
      </ul>
      {leaving !== null && (
        <RemoveDialog
          open
          title={`Take nothing more of ${leaving.name}?`}
          description="Its secret is gone for good, and what it sends is refused. What came stays on record."
          busy={command.isBusy}
          onRemove={() => void remove()}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  )
}

function signingWords(signing: WebhookSource['signing']): string {
  switch (signing.kind) {
    case 'github':
      return 'signs as GitHub'
    case 'standard':
      return 'Standard Webhooks'
    case 'hmac':
      return `${signing.algorithm} in ${signing.header}`
    default:
      return signing satisfies never
  }
}
