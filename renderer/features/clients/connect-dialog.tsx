import { useState } from 'react'
import type { ConnectMode, ConnectPreview } from '../../../shared/connect-contract.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { Segments } from '../../ui/segments.tsx'
import styles from './connect-dialog.module.css'
import { FileDiff } from './file-diff.tsx'
import { freeName } from './free-name.ts'
import type { ChosenPlace } from './programs-panel.tsx'

const modeNames: Readonly<Record<ConnectMode, string>> = { stdio: 'Through a bridge', http: 'By address' }

interface ConnectDialogProps {
  chosen: ChosenPlace
  onClose: () => void
  onWritten: () => void
}

/** What would be written into another program's file, line by line, before it is. */
export function ConnectDialog({ chosen: { program, place }, onClose, onWritten }: ConnectDialogProps) {
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const [mode, setMode] = useState<ConnectMode>(place.options[0]?.mode ?? 'stdio')
  const [token, setToken] = useState<string | undefined>()
  const [moved, setMoved] = useState<readonly string[]>([])
  const command = useCommand()
  const option = place.options.find((one) => one.mode === mode)
  const needsToken = option?.token === 'literal' && token === undefined
  const { scope, folder } = place
  const request = {
    program: program.id,
    scope,
    folder,
    mode,
    move: [...moved],
    ...(mode === 'http' && token !== undefined && { token }),
  }
  const key = option === undefined || option.problem !== null || needsToken ? null : JSON.stringify(request)
  const preview = useCall(key, (engine, signal) => engine.connect.preview(request, { signal }))
  const shown = key !== null && preview.kind === 'done' ? preview.data : null

  async function issueToken(): Promise<void> {
    const name = freeName(
      program.name,
      clients.map((client) => client.name),
    )
    const issued = await command.run((engine) => engine.clients.issue({ name, program: program.id }))
    if (issued) setToken(issued.token)
  }

  async function write({ before_hash, after_hash }: ConnectPreview): Promise<void> {
    const written = await command.run((engine) => engine.connect.write({ ...request, before_hash, after_hash }))
    if (!written) return preview.reload()
    onWritten()
    onClose()
  }

  return (
    <Dialog
      open
      width={760}
      title={`Connect ${program.name}`}
      description={program.note ?? undefined}
      onClose={onClose}
      footer={
        <DialogActions
          verb="Write"
          busy={command.isBusy}
          disabled={shown === null || shown.hunks.length === 0}
          onDo={() => shown && void write(shown)}
          onCancel={onClose}
        />
      }
    >
      <div className={styles.body}>
        {place.options.length > 1 && (
          <Segments
            label="How it reaches Signalbox"
            value={mode}
            onChange={setMode}
            segments={place.options.map((one) => ({ value: one.mode, label: modeNames[one.mode] }))}
          />
        )}
        {option && <p className={styles.note}>{option.problem ?? tokenText(option.token, option.variable)}</p>}
        {needsToken && option?.problem === null && (
          <Button busy={command.isBusy} onClick={() => void issueToken()}>
            Issue a token for {program.name}
          </Button>
        )}
        {key !== null && preview.kind === 'failed' && (
          <Banner severity="danger" title={preview.failure.message}>
            {preview.failure.hint}
          </Banner>
        )}
        {shown && <Preview preview={shown} moved={moved} onMove={setMoved} />}
      </div>
    </Dialog>
  )
}

function tokenText(token: 'none' | 'reference' | 'literal', variable: string | null): string {
  switch (token) {
    case 'none':
      return 'It starts our bridge, which knows the token: no secret stands in the file.'
    case 'reference':
      return `The file names ${variable ?? 'a variable'}; set it to the token of a client.`
    case 'literal':
      return 'The token stands in the file in plain text: this program knows no other way.'
    default:
      return token satisfies never
  }
}

interface PreviewProps {
  preview: ConnectPreview
  moved: readonly string[]
  onMove: (names: readonly string[]) => void
}

function Preview({ preview, moved, onMove }: PreviewProps) {
  const { hunks, target, makes_file, backup_path, movable, warnings } = preview
  return (
    <>
      <p className={styles.file}>
        {makes_file ? 'Makes ' : 'Changes '}
        <code>{target}</code>
      </p>
      {hunks.length === 0 ? (
        <p className={styles.note}>Our entry stands there already; nothing would change.</p>
      ) : (
        <FileDiff hunks={hunks} />
      )}
      {movable.length > 0 && (
        <fieldset className={styles.movable}>
          <legend>Signalbox serves these as well; take them out, so that no tool is there twice</legend>
          {movable.map(({ name }) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: the tick box within is the control
            <label key={name} className={styles.tick}>
              <Checkbox
                checked={moved.includes(name)}
                label={name}
                onChange={(isOn) => onMove(isOn ? [...moved, name] : moved.filter((one) => one !== name))}
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
      <p className={styles.note}>
        {backup_path === null ? 'Undo takes the file away again.' : `The bytes of now are kept at ${backup_path}.`}
      </p>
    </>
  )
}
