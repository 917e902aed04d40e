import { useState } from 'react'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'
import { SecretDialog } from '../secrets/secret-dialog.tsx'
import styles from './secrets-section.module.css'
import { SettingRow } from './setting-row.tsx'

const keepers = {
  system: 'Sealed by the key store of the system.',
  key_file: 'Sealed by a key file in the home folder that only you may read.',
} as const

/** The names of all secrets, who uses them, and new values; a value is never shown. */
export function SecretsSection() {
  const revision = useSnapshot((snapshot) => `${snapshot.config.revision} ${snapshot.attention.length}`)
  const list = useCall('secrets', (client, signal) => client.secrets.list(undefined, { signal }), revision)
  const [entering, setEntering] = useState<string | null>(null)
  const [forgetting, setForgetting] = useState<string | null>(null)
  if (list.kind === 'loading') return null
  if (list.kind === 'failed') {
    return (
      <Panel level={2} title="Security">
        <SettingRow name={list.failure.message} help={list.failure.hint}>
          <Button onClick={list.reload}>Try again</Button>
        </SettingRow>
      </Panel>
    )
  }
  const { vault, items } = list.data
  return (
    <Panel level={2} title="Security">
      {vault.problem && (
        <Banner severity="caution" title={vault.problem.message}>
          {vault.problem.hint}
        </Banner>
      )}
      <SettingRow
        name="Secrets"
        help={
          <>
            Write <code>{'${secret:NAME}'}</code> in an entry. {vault.keeper && keepers[vault.keeper]}
          </>
        }
      >
        <Button disabled={vault.problem !== null} onClick={() => setEntering('')}>
          Add secret…
        </Button>
      </SettingRow>
      {items.length === 0 && <p className={styles.none}>No secret is stored, and no server asks for one.</p>}
      <ul className={styles.list} aria-label="Secrets">
        {items.map(({ name, is_set, used_by }) => (
          <li key={name} className={styles.secret}>
            <code className={styles.name}>{name}</code>
            <span className={is_set ? styles.stored : styles.missing}>{is_set ? 'stored' : 'missing'}</span>
            <span className={styles.users}>{used_by.length === 0 ? 'no server uses it' : used_by.join(', ')}</span>
            <Button size="small" disabled={vault.problem !== null} onClick={() => setEntering(name)}>
              {is_set ? 'New value…' : 'Add…'}
            </Button>
            <IconButton
              glyph="x"
              label={`Forget ${name}`}
              size="small"
              disabled={!is_set}
              onClick={() => setForgetting(name)}
            />
          </li>
        ))}
      </ul>
      {entering !== null && (
        <SecretDialog
          name={entering === '' ? null : entering}
          isNew={!items.some(({ name, is_set }) => name === entering && is_set)}
          onClose={() => {
            setEntering(null)
            list.reload()
          }}
        />
      )}
      {forgetting !== null && (
        <ForgetDialog
          name={forgetting}
          users={items.find(({ name }) => name === forgetting)?.used_by ?? []}
          onClose={() => {
            setForgetting(null)
            list.reload()
          }}
        />
      )}
    </Panel>
  )
}

function ForgetDialog({ name, users, onClose }: { name: string; users: readonly string[]; onClose: () => void }) {
  const command = useCommand()
  return (
    <RemoveDialog
      open
      title={`Forget ${name}?`}
      description={
        users.length === 0
          ? 'Its value is gone for good. No server uses it.'
          : `Its value is gone for good. The next start of ${users.join(', ')} asks for it again.`
      }
      verb="Forget it"
      busy={command.isBusy}
      onRemove={async () => {
        if (await command.run((client) => client.secrets.delete({ name }))) onClose()
      }}
      onClose={onClose}
    />
  )
}
