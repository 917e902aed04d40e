import { domainEventNames } from '../../../shared/domain-event.ts'
import type { RuleTrigger } from '../../../shared/rule.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { ChoiceAt, LinesAt, NumberAt, TextAt, TicksAt } from './draft-fields.tsx'
import { newTrigger } from './new-parts.ts'
import styles from './rule-form.module.css'
import { eventWords, triggerKinds } from './rule-words.ts'
import { useDraftAt } from './use-rule-draft.ts'

/** What fires the rule. */
export function TriggerFields() {
  const { draft, value } = useDraftAt(['trigger', 'kind'])
  return (
    <div className={styles.fields}>
      <ChoiceAt
        path={['trigger', 'kind']}
        label="What fires it"
        options={triggerKinds}
        onChoose={(kind) => draft.set(['trigger'], newTrigger(kind))}
      />
      <KindFields kind={value as RuleTrigger['kind']} />
    </div>
  )
}

const own = (name: string): boolean => !name.startsWith('github.') && name !== 'webhook.received'
const ownEvents = domainEventNames.filter(own).map((value) => ({ value, label: sentence(eventWords[value]) }))
const gitHubEvents = (
  [
    'github.issue.created',
    'github.issue.updated',
    'github.pr.created',
    'github.pr.updated',
    'github.event.received',
  ] as const
).map((value) => ({ value, label: sentence(eventWords[value]) }))
const emits = [
  { value: 'db.record.created', label: 'Once for each new row' },
  { value: 'db.alert.triggered', label: 'Once when there are rows after there were none' },
] as const

function KindFields({ kind }: { kind: RuleTrigger['kind'] }) {
  switch (kind) {
    case 'event':
      return <TicksAt path={['trigger', 'events']} label="Events" options={ownEvents} />
    case 'github':
      return (
        <>
          <TicksAt path={['trigger', 'events']} label="Events" options={gitHubEvents} />
          <LinesAt
            path={['trigger', 'repositories']}
            label="Repositories"
            note="optional"
            help="owner/name, one a line. None: every repository."
            empty={[]}
          />
        </>
      )
    case 'webhook':
      return <HookField />
    case 'schedule':
      return (
        <div className={styles.three}>
          <TextAt path={['trigger', 'cron']} label="Cron" mono help="Minute, hour, day, month, day of the week." />
          <TextAt
            path={['trigger', 'time_zone']}
            label="Time zone"
            note="optional"
            placeholder="of this machine"
            empty={null}
          />
          <ChoiceAt
            path={['trigger', 'missed']}
            label="Times that were missed"
            options={[
              { value: 'skip', label: 'Are left out' },
              { value: 'once', label: 'Are one run' },
            ]}
          />
        </div>
      )
    case 'file':
      return (
        <>
          <TextAt path={['trigger', 'path']} label="Path" mono help="Absolute; may hold *, ** and ?" />
          <TicksAt
            path={['trigger', 'changes']}
            label="Changes"
            options={[
              { value: 'created', label: 'Created' },
              { value: 'changed', label: 'Changed' },
              { value: 'removed', label: 'Removed' },
            ]}
          />
          <div className={styles.three}>
            <NumberAt path={['trigger', 'debounce_ms']} label="Rests for" note="ms" />
          </div>
        </>
      )
    case 'sqlite':
      return (
        <>
          <TextAt path={['trigger', 'file']} label="File" mono help="Absolute; it is opened for reading only." />
          <TextAt path={['trigger', 'query']} label="Query" mono help="One SELECT." />
          <div className={styles.three}>
            <NumberAt path={['trigger', 'every_s']} label="Every" note="seconds" />
            <TextAt
              path={['trigger', 'key']}
              label="Key"
              note="optional"
              placeholder="the whole row"
              mono
              empty={null}
            />
            <ChoiceAt path={['trigger', 'emits']} label="Fires" options={emits} />
          </div>
        </>
      )
    case 'postgres':
      return (
        <>
          <TextAt
            path={['trigger', 'connection']}
            label="Connection"
            mono
            help={'postgres://user:${secret:NAME}@host/database'}
          />
          <div className={styles.three}>
            <TextAt path={['trigger', 'channel']} label="Channel" mono />
            <ChoiceAt path={['trigger', 'emits']} label="Told as" options={emits} />
          </div>
        </>
      )
    default:
      return null
  }
}

function HookField() {
  const sources = useSnapshot((snapshot) => snapshot.webhook_sources)
  return (
    <>
      <ChoiceAt
        path={['trigger', 'hook']}
        label="Webhook"
        options={sources.map(({ name }) => ({ value: name, label: name }))}
      />
      {sources.length === 0 && (
        <p className={styles.hint}>
          Nobody may send webhooks here yet. <a href="#/rules?view=webhooks&add=source">Let somebody send them</a>
        </p>
      )}
    </>
  )
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
