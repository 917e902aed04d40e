import { useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './token-dialog.module.css'

/** A token, this once: only its hash is kept. */
export function TokenDialog({ name, token, onClose }: { name: string; token: string; onClose: () => void }) {
  const url = useSnapshot((snapshot) => snapshot.url)
  return (
    <Dialog
      open
      width={560}
      title={`The token of ${name}`}
      description="Copy it now: it is shown this once, and only its hash is kept."
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <dl className={styles.values}>
        <Value name="Token" text={token} />
        {url !== null && <Value name="Address" text={`${url}/mcp`} />}
        <Value name="Header" text={`Authorization: Bearer ${token}`} />
      </dl>
    </Dialog>
  )
}

function Value({ name, text }: { name: string; text: string }) {
  return (
    <div className={styles.value}>
      <dt>{name}</dt>
      <dd className={styles.text}>{text}</dd>
      <CopyButton text={text} label={`Copy the ${name.toLowerCase()}`} />
    </div>
  )
}
