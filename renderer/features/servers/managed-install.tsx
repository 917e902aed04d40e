import { useCall, useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { serverHref } from '../../view-state.ts'
import styles from './config-card.module.css'

interface ManagedInstallProps {
  id: string
  /** The entry has changed. */
  onChanged: () => void
}

/** Offers a server that runs through npx an install of its own, and one that has it the way back. */
export function ManagedInstall({ id, onChanged }: ManagedInstallProps) {
  const offer = useCall(id, (client, signal) => client.servers.conversion({ id }, { signal }))
  const command = useCommand()
  if (offer.kind !== 'done' || offer.data.kind === 'none') return null

  async function change(how: 'convert' | 'revert', title: string): Promise<void> {
    const server = await command.run((client) => client.servers[how]({ id }))
    if (!server) return
    announceToast({
      title,
      message: server.wished ? 'Approve what would run now, and it starts.' : 'It starts when you throw its lever.',
      links: server.wished ? [{ label: 'Look at it', href: serverHref(id) }] : [],
    })
    offer.reload()
    onChanged()
  }

  if (offer.data.kind === 'converted') {
    return (
      <section className={styles.card} aria-label="Own install">
        <h3 className={styles.heading}>Own install</h3>
        <p>Its package is installed here and runs without npx. The earlier entry is kept.</p>
        <Button busy={command.isBusy} onClick={() => void change('revert', `${id} runs through npx again`)}>
          Go back to npx
        </Button>
      </section>
    )
  }
  const { package: name, version, gain } = offer.data
  return (
    <section className={styles.card} aria-label="Own install">
      <h3 className={styles.heading}>Own install</h3>
      <p>
        npx looks <code>{version === null ? name : `${name}@${version}`}</code> up at every start. Installed once, it
        starts about <strong>{gain.start_times_faster} times faster</strong> and takes about{' '}
        <strong>{Math.round(gain.memory_share * 100)} % of the memory</strong>.
      </p>
      <p className={styles.note}>
        {version === null ? 'The latest version is taken, and stays. ' : ''}You can go back.
      </p>
      <Button busy={command.isBusy} onClick={() => void change('convert', `${id} has its own install`)}>
        Install it once
      </Button>
    </section>
  )
}
