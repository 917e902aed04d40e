import type { CallPattern } from '../../../shared/limits.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './form.module.css'
import { originLabel } from './pattern-text.ts'

interface PatternFieldsProps {
  value: CallPattern
  /** What `*` stands for where clients are chosen. */
  everyone: string
  onChange: (value: CallPattern) => void
}

/** Which calls something is about: of whom, at which server, which tool. */
export function PatternFields({ value, everyone, onChange }: PatternFieldsProps) {
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const origins = [...clients.map(({ name }) => `client:${name}`), 'owner', 'api']
  if (value.client !== '*' && !origins.includes(value.client)) origins.push(value.client)
  const ids: string[] = servers.map(({ id }) => id)
  if (value.server !== '*' && !ids.includes(value.server)) ids.push(value.server)
  return (
    <>
      <div className={styles.pair}>
        <div className={styles.field}>
          <span className={styles.label}>Calls of</span>
          <Select
            label="Calls of"
            value={value.client}
            options={[
              { value: '*', label: everyone },
              ...origins.map((origin) => ({ value: origin, label: originLabel(origin) })),
            ]}
            onChange={(client) => onChange({ ...value, client })}
          />
        </div>
        <div className={styles.field}>
          <span className={styles.label}>Server</span>
          <Select
            label="Server"
            value={value.server}
            options={[{ value: '*', label: 'Every server' }, ...ids.map((id) => ({ value: id, label: id }))]}
            onChange={(server) => onChange({ ...value, server })}
          />
        </div>
      </div>
      <TextField
        label="Tool"
        mono
        value={value.tool === '*' ? '' : value.tool}
        placeholder="every tool"
        help="As its server names it. Empty is every tool."
        onChange={(tool) => onChange({ ...value, tool: tool.trim() === '' ? '*' : tool.trim() })}
      />
    </>
  )
}
