import { useState } from 'react'
import type { MissedAnswer } from '../../../shared/missed-deliveries.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { countOf } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import form from './dialog-form.module.css'
import styles from './missed-dialog.module.css'
import { MissedTable } from './missed-table.tsx'
import { entered, repositoryOf } from './missed-words.ts'
import { useMissed } from './use-missed.ts'

/** Asks GitHub what it sent and what did not come here, and has it sent once more. */
export function MissedDialog({ onClose }: { onClose: () => void }) {
  const missed = useMissed()
  if (missed.answer !== null) {
    return <Found answer={missed.answer} missed={missed} onClose={onClose} />
  }
  return <Question missed={missed} onClose={onClose} />
}

interface StageProps {
  missed: ReturnType<typeof useMissed>
  onClose: () => void
}

function Question({ missed, onClose }: StageProps) {
  const { secrets, failure, isBusy } = missed
  const told = useSnapshot((snapshot) => repositoryOf(snapshot.deliveries))
  const [repository, setRepository] = useState(told)
  const [chosen, setChosen] = useState<string | null>(null)
  const [value, setValue] = useState('')
  const [hook, setHook] = useState('')
  const [isWide, setWide] = useState(false)
  const [api, setApi] = useState('')
  const token = chosen ?? secrets.find((name) => /git.?hub/i.test(name)) ?? entered
  const isReady = /^[^/\s]+\/[^/\s]+$/.test(repository) && (token !== entered || value !== '') && /^\d*$/.test(hook)

  return (
    <Dialog
      open
      title="What GitHub sent and what did not come"
      description="While this machine sleeps or the tunnel is down, GitHub gets no answer and does not try again by itself. It keeps what it sent for some days, and sends it once more when it is asked to."
      onClose={onClose}
      footer={
        <DialogActions
          verb="Look"
          busy={isBusy}
          disabled={!isReady}
          onDo={() => void missed.look({ repository, token, value, hook, api })}
          onCancel={onClose}
        />
      }
    >
      <div className={form.fields}>
        <TextField
          label="Repository"
          mono
          autoComplete="off"
          spellCheck={false}
          placeholder="owner/repository"
          value={repository}
          onChange={setRepository}
        />
        {secrets.length > 0 && (
          <div className={form.choice}>
            <span className={form.label}>Token of GitHub</span>
            <Select
              label="Token of GitHub"
              value={token}
              options={[
                ...secrets.map((name) => ({ value: name, label: name })),
                { value: entered, label: 'Another one, entered here' },
              ]}
              onChange={setChosen}
            />
          </div>
        )}
        {token === entered && (
          <TextField
            label={secrets.length > 0 ? 'Its value' : 'Token of GitHub'}
            type="password"
            autoComplete="off"
            mono
            value={value}
            help="It must be allowed to administer webhooks of the repository (fine-grained: Webhooks, read and write). It goes into the vault."
            onChange={setValue}
          />
        )}
        {isWide ? (
          <div className={styles.two}>
            <TextField
              label="Webhook number"
              note="optional"
              mono
              inputMode="numeric"
              value={hook}
              error={/^\d*$/.test(hook) ? null : 'Digits, as in its address at GitHub'}
              onChange={setHook}
            />
            <TextField
              label="Address of the API"
              note="optional"
              mono
              placeholder="https://api.github.com"
              value={api}
              onChange={setApi}
            />
          </div>
        ) : (
          <Button variant="quiet" size="small" className={styles.more} onClick={() => setWide(true)}>
            Several webhooks, or GitHub Enterprise
          </Button>
        )}
        {failure !== null && (
          <p className={styles.failure} role="alert">
            {failure.message} {failure.hint}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Found({ answer, missed, onClose }: StageProps & { answer: MissedAnswer }) {
  const { items, looked_at, is_cut } = answer
  const isAsked = items.some(({ asked, failure }) => asked || failure !== null)
  const failed = items.filter(({ failure }) => failure !== null).length
  const older = is_cut ? ' Older ones were not looked at.' : ''
  const title =
    items.length === 0 ? 'Nothing was missed' : `${countOf(items.length, 'delivery', 'deliveries')} did not come`
  const description =
    items.length === 0
      ? `All ${countOf(looked_at, 'delivery', 'deliveries')} that GitHub keeps came and were proven.${older}`
      : isAsked
        ? `GitHub sends ${countOf(items.length - failed, 'delivery', 'deliveries')} once more; what comes is proven as ever and stands in the list.${older}`
        : `Of ${countOf(looked_at, 'delivery', 'deliveries')} that GitHub keeps.${older}`
  return (
    <Dialog
      open
      width={680}
      title={title}
      description={description}
      onClose={onClose}
      footer={
        items.length === 0 || isAsked ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <DialogActions
            verb={items.length === 1 ? 'Send it once more' : `Send all ${items.length} once more`}
            glyph="down"
            busy={missed.isBusy}
            onDo={() => void missed.redeliver()}
            onCancel={onClose}
          />
        )
      }
    >
      {items.length > 0 && <MissedTable items={items} />}
      {missed.failure !== null && (
        <p className={styles.failure} role="alert">
          {missed.failure.message} {missed.failure.hint}
        </p>
      )}
    </Dialog>
  )
}
