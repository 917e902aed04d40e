import { useState } from 'react'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { countOf } from '../../ui/format.ts'
import styles from './secret-banner.module.css'
import type { ImportDesk } from './use-import.ts'

/** Says where secrets stand in plain text. Never what they are. */
export function SecretBanner({ desk }: { desk: ImportDesk }) {
  const { candidates, movesSecrets } = desk
  const [isOpen, setOpen] = useState(false)
  const holders = candidates.filter((candidate) => candidate.secrets.length > 0)
  const count = holders.reduce((sum, candidate) => sum + candidate.secrets.length, 0)
  if (count === 0) return null
  return (
    <>
      <Banner
        severity="you"
        glyph="key"
        title={`${countOf(count, 'secret stands', 'secrets stand')} in plain text`}
        actions={
          <Button size="small" onClick={() => setOpen(true)}>
            Show where
          </Button>
        }
      >
        {movesSecrets === null ? (
          `in those files; the copies will hold ${count === 1 ? 'it' : 'them'} too.`
        ) : (
          <>
            in those files.{' '}
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the tick box renders the control that it labels */}
            <label className={styles.move}>
              <Checkbox checked={movesSecrets} onChange={desk.setMovesSecrets} />
              Move them into the vault, and name them in the copies.
            </label>
          </>
        )}
      </Banner>
      <Dialog
        open={isOpen}
        title="Secrets in plain text"
        description="Whoever reads these files reads them too. Put a variable such as ${GITHUB_TOKEN} in their place to keep them out."
        onClose={() => setOpen(false)}
      >
        <ul className={styles.list}>
          {holders.flatMap((candidate) =>
            candidate.secrets.map((place) => (
              <li key={`${candidate.key}:${place}`} className={styles.item}>
                <span className={styles.name}>{candidate.id}</span>
                <code>{place}</code>
                <code className={styles.path}>{candidate.path ?? 'pasted text'}</code>
              </li>
            )),
          )}
        </ul>
      </Dialog>
    </>
  )
}
