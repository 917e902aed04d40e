import { useState } from 'react'
import { allowedTargetSchema } from '../../../shared/outbound.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './outbound-section.module.css'
import { SettingRow } from './setting-row.tsx'

/** Where callbacks and rules may call besides the public internet, and what receivers check them with. */
export function OutboundSection() {
  const allowed = useSnapshot((snapshot) => snapshot.settings.settings.allowed_targets)
  const key = useCall('callback signing key', (client, signal) => client.callbacks.signingKey(undefined, { signal }))
  const [text, setText] = useState('')
  const command = useCommand()
  const entry = text.trim()
  const problem = entry === '' ? null : problemWith(entry, allowed)

  async function set(allowed_targets: string[]): Promise<boolean> {
    return (await command.run((client) => client.settings.set({ allowed_targets }))) !== undefined
  }

  async function add(): Promise<void> {
    if (entry === '' || problem !== null || command.isBusy) return
    if (await set([...allowed, entry])) setText('')
  }

  return (
    <Panel level={2} title="Outgoing calls">
      <SettingRow
        name="Allowed targets"
        help="Callbacks and rules reach public addresses on the usual web ports. Name here what else is yours: a host, a host with its port, or a network."
      />
      {allowed.length > 0 && (
        <ul className={styles.list} aria-label="Allowed targets">
          {allowed.map((target) => (
            <li key={target} className={styles.target}>
              <code className={styles.name}>{target}</code>
              <IconButton
                glyph="x"
                label={`No longer allow ${target}`}
                size="small"
                disabled={command.isBusy}
                onClick={() => void set(allowed.filter((other) => other !== target))}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.add}>
        <TextField
          label="Target"
          mono
          autoComplete="off"
          spellCheck={false}
          placeholder="localhost:9000 or 192.168.1.0/24"
          error={problem}
          value={text}
          onChange={setText}
          onKeyDown={(event) => event.key === 'Enter' && void add()}
        />
        <Button disabled={entry === '' || problem !== null} busy={command.isBusy} onClick={() => void add()}>
          Allow it
        </Button>
      </div>
      <SettingRow
        name="Signing key"
        help="Receivers of callbacks check with it that a message is ours, by any library for Standard Webhooks. It changes with the owner token."
      >
        {key.kind === 'done' && (
          <>
            <code className={styles.key}>{`${key.data.key.slice(0, 10)}…`}</code>
            <CopyButton text={key.data.key} label="Copy the signing key" />
          </>
        )}
      </SettingRow>
    </Panel>
  )
}

function problemWith(entry: string, allowed: readonly string[]): string | null {
  if (allowed.includes(entry)) return 'It is allowed already.'
  return allowedTargetSchema.safeParse(entry).success ? null : 'A host, host:port, or a network as 192.168.1.0/24.'
}
