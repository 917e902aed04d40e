import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Candidate } from '../../../shared/import.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { countOf } from '../../ui/format.ts'
import { Segments } from '../../ui/segments.tsx'
import { TextArea } from '../../ui/text-field.tsx'
import styles from './add-server-dialog.module.css'
import { CandidateTicks } from './candidate-ticks.tsx'
import { emptyForm, formProblems, formText } from './entry-form.ts'
import { BegunServerView, NewServerActions, NewServerFields } from './new-server-form.tsx'
import { ServerForm } from './server-form.tsx'
import { useNewServer } from './use-new-server.ts'

const sample = '{\n  "mcpServers": {\n    "name": { "command": "npx", "args": ["-y", "package"] }\n  }\n}'

type Mode = 'paste' | 'form' | 'own'

interface AddServerDialogProps {
  /** One that somebody wrote, or one to write oneself; null: closed. */
  what: 'server' | 'own' | null
  onClose: () => void
}

/** Adds servers: from pasted text or a form, read first and looked at; or a new one of one's own, from a template. */
export function AddServerDialog({ what, onClose }: AddServerDialogProps) {
  const [chosen, setMode] = useState<Mode | null>(null)
  const mode = chosen ?? (what === 'own' ? 'own' : 'paste')
  const own = useNewServer()
  const [text, setText] = useState('')
  const [form, setForm] = useState(emptyForm)
  const [hasTried, setTried] = useState(false)
  const [candidates, setCandidates] = useState<readonly Candidate[] | null>(null)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const command = useCommand()
  const [, go] = useLocation()
  const problems = formProblems(form)
  const picks = candidates?.filter((candidate) => ticked.has(candidate.key)) ?? []

  function close(): void {
    setCandidates(null)
    setText('')
    setForm(emptyForm)
    setTried(false)
    setMode(null)
    own.forget()
    onClose()
  }

  async function read(): Promise<void> {
    setTried(true)
    if (mode === 'form' && Object.keys(problems).length > 0) return
    const answer = await command.run((client) => client.imports.read({ text: mode === 'form' ? formText(form) : text }))
    if (!answer) return
    setCandidates(answer.candidates)
    setTicked(new Set(answer.candidates.filter((one) => one.problem === null).map((one) => one.key)))
  }

  async function add(): Promise<void> {
    const answer = await command.run((client) =>
      client.imports.run({ picks: picks.map(({ id, entry }) => ({ id, entry })), start: true }),
    )
    if (!answer) return
    close()
    go(`/servers?open=${encodeURIComponent(picks[0]!.id)}`)
  }

  return (
    <Dialog
      open={what !== null}
      title={mode === 'own' ? 'New custom server' : 'Add server'}
      width={560}
      onClose={close}
      footer={
        mode === 'own' ? (
          <NewServerActions server={own} onClose={close} />
        ) : candidates === null ? (
          <>
            <Button variant="quiet" onClick={close}>
              Cancel
            </Button>
            <Button
              variant="primary"
              busy={command.isBusy}
              disabled={mode === 'paste' && text.trim() === ''}
              onClick={() => void read()}
            >
              Continue
            </Button>
          </>
        ) : (
          <>
            <Button variant="quiet" onClick={() => setCandidates(null)}>
              Back
            </Button>
            <Button variant="primary" busy={command.isBusy} disabled={picks.length === 0} onClick={() => void add()}>
              {picks.length > 1 ? `Add and start ${countOf(picks.length, 'server')}` : 'Add and start'}
            </Button>
          </>
        )
      }
    >
      {mode === 'own' && own.begun !== null ? (
        <BegunServerView begun={own.begun} />
      ) : candidates === null ? (
        <div className={styles.body}>
          <Segments
            label="How to add it"
            value={mode}
            onChange={setMode}
            segments={[
              { value: 'paste', label: 'Paste a configuration' },
              { value: 'form', label: 'Fill in a form' },
              { value: 'own', label: 'Begin my own' },
            ]}
          />
          {mode === 'paste' ? (
            <TextArea
              label="Configuration"
              note="JSON, JSONC, TOML or YAML"
              help="As it stands in a README, or in the file of another program."
              mono
              rows={11}
              placeholder={sample}
              value={text}
              onChange={setText}
            />
          ) : mode === 'own' ? (
            <NewServerFields server={own} />
          ) : (
            <ServerForm form={form} problems={hasTried ? problems : {}} onChange={setForm} />
          )}
        </div>
      ) : (
        <CandidateTicks candidates={candidates} ticked={ticked} onChange={setTicked} />
      )}
    </Dialog>
  )
}
