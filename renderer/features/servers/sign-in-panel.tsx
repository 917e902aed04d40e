import type { Server } from '../../../shared/server.ts'
import type { SignInStatus } from '../../../shared/sign-in.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Countdown } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { formatDateTime } from '../../ui/format.ts'
import { openSignIn } from './open-sign-in.ts'
import styles from './sign-in-panel.module.css'

/** How one stands with a server that has people sign in: what it waits for, what was granted, the way out. */
export function SignInPanel({ server: { id } }: { server: Server }) {
  const status = useSnapshot((snapshot) => snapshot.sign_ins.find((signIn) => signIn.server === id))
  switch (status?.status) {
    case undefined:
      return null
    case 'signed_out':
      return status.failure?.code.startsWith('sign_in_') ? <Failed failure={status.failure} /> : null
    case 'waiting':
      return <Waiting id={id} until={status.until} />
    case 'signed_in':
      return <SignedIn id={id} status={status} />
    default:
      return status satisfies never
  }
}

function Failed({ failure: { message, hint } }: { failure: NonNullable<SignInStatus['failure']> }) {
  return (
    <section className={styles.panel} aria-label="Sign-in">
      <p className={styles.text} role="status">
        {message}. {hint}
      </p>
    </section>
  )
}

function Waiting({ id, until }: { id: string; until: string }) {
  const command = useCommand()
  return (
    <section className={styles.panel} data-waits aria-label="Sign-in">
      <p className={styles.text} role="status">
        <b className={styles.lead}>Waiting for you in the browser.</b> Sign in on the page that has opened; this goes on
        by itself.
      </p>
      <div className={styles.actions}>
        <span className={styles.left}>
          <Countdown until={until} /> left
        </span>
        {/* Asked for by a click only: once the sign-in has ended, to ask for its page begins another. */}
        <Button busy={command.isBusy} onClick={() => void command.run((client) => openSignIn(client, id))}>
          Open the page again
        </Button>
        <Button
          variant="quiet"
          busy={command.isBusy}
          onClick={() => void command.run((client) => client.signIn.cancel({ id }))}
        >
          Cancel
        </Button>
      </div>
    </section>
  )
}

/** Only says that the sign-in may be renewed. */
const renewable = 'offline_access'

function SignedIn({ id, status }: { id: string; status: Extract<SignInStatus, { status: 'signed_in' }> }) {
  const zone = usePreferences((state) => state.zone)
  const command = useCommand()
  const { issuer, since, scope, missing_scope: missing } = status
  const scopes = scope?.split(' ').filter((one) => one !== renewable) ?? []
  return (
    <section className={styles.panel} data-waits={missing !== null || undefined} aria-label="Sign-in">
      <div className={styles.facts}>
        <p className={styles.text}>
          Signed in at <span className={styles.host}>{new URL(issuer).host}</span>{' '}
          <span className={styles.since}>since {formatDateTime(since, zone)}</span>
        </p>
        {missing !== null && (
          <p className={styles.text} role="status">
            <b className={styles.lead}>A call needs more:</b> {missing}
          </p>
        )}
        {scopes.length > 0 && (
          <ul className={styles.scopes} aria-label="Granted">
            {scopes.map((one) => (
              <li key={one}>
                <Chip>{one}</Chip>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={styles.actions}>
        {missing !== null && (
          <Button busy={command.isBusy} onClick={() => void command.run((client) => openSignIn(client, id))}>
            Sign in for more
          </Button>
        )}
        <Button
          variant="quiet"
          busy={command.isBusy}
          onClick={() => void command.run((client) => client.signIn.signOut({ id }))}
        >
          Sign out
        </Button>
      </div>
    </section>
  )
}
