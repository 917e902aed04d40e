import { useState } from 'react'
import { useLocation } from 'wouter'
import type { EffectiveLaunch } from '../../../shared/server.ts'
import { useCall, useCommand, useServer, useSnapshot } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'
import { announceToast } from '../../ui/toast.tsx'
import styles from './config-tab.module.css'
import { commandLine, entryProblem, parseEntry } from './entry-text.ts'
import { ManagedInstall } from './managed-install.tsx'
import { ProcessPerClient } from './process-per-client.tsx'
import { SleepChoice } from './sleep-choice.tsx'

/** A server's entry in mcp.json, how it is really launched, and the way out. */
export function ConfigTab({ id }: { id: string }) {
  const revision = useSnapshot((snapshot) => String(snapshot.config.revision))
  const config = useCall(id, (client, signal) => client.servers.config({ id }, { signal }), revision)
  if (config.kind === 'failed') {
    return <FailedState failure={config.failure} onRetry={config.reload} />
  }
  if (config.kind === 'loading') return null
  const stored = JSON.stringify(config.data.entry, null, 2)
  return (
    <div className={styles.config}>
      <div className={styles.main}>
        {config.data.problem && <Banner severity="danger" title={config.data.problem} />}
        <EntryEditor key={id} id={id} stored={stored} />
      </div>
      <aside className={styles.side}>
        <ManagedInstall id={id} onChanged={config.reload} />
        <SleepChoice id={id} entry={config.data.entry} onChanged={config.reload} />
        <ProcessPerClient id={id} entry={config.data.entry} onChanged={config.reload} />
        <Launch launch={config.data.launch} />
        <Removal id={id} />
      </aside>
    </div>
  )
}

function EntryEditor({ id, stored }: { id: string; stored: string }) {
  const path = useSnapshot((snapshot) => snapshot.config.path)
  /** What the edit began from. */
  const [base, setBase] = useState(stored)
  const [text, setText] = useState(stored)
  const command = useCommand()
  const entry = parseEntry(text)
  const isChanged = text !== base
  // The file was edited elsewhere: an untouched editor follows it, an edit is never thrown away.
  const isOn = useServer(id)?.wished ?? false
  const isOvertaken = stored !== base && isChanged && stored !== text
  if (stored !== base && !isOvertaken) begin(stored)
  const isSavable = isChanged && !isOvertaken && entry.kind === 'entry'

  function begin(from: string): void {
    setBase(from)
    setText(from)
  }
  /** Saving agrees to nothing: what would run otherwise waits to be looked at. To start it is to agree. */
  async function save(how: 'save' | 'start'): Promise<void> {
    if (entry.kind !== 'entry') return
    const saved = await command.run((client) => client.servers.saveConfig({ id, entry: entry.entry }))
    if (!saved) return
    begin(JSON.stringify(entry.entry, null, 2))
    if (how === 'start') await command.run((client) => client.servers.restart({ id: saved.id }))
    else announceToast({ title: `${id} is saved`, message: 'It does not start with another entry before you say so.' })
  }
  return (
    <section className={styles.entry} aria-label="Entry">
      <h2 className={styles.heading}>
        The entry <code className={styles.note}>{path}</code>
      </h2>
      {isOvertaken && (
        <Banner
          severity="caution"
          title="This entry was changed in mcp.json meanwhile."
          actions={
            <>
              <Button onClick={() => begin(stored)}>Take the new one</Button>
              <Button variant="quiet" onClick={() => setBase(stored)}>
                Keep mine
              </Button>
            </>
          }
        >
          Your edit is still here and not saved.
        </Banner>
      )}
      <div className={styles.editor}>
        <CodeEditor label={`Entry of ${id}`} value={text} check={entryProblem} onChange={setText} />
      </div>
      <div className={styles.foot}>
        <span className={styles.problem} role="status">
          {entry.kind === 'problem' ? entry.message : isChanged ? 'Not saved yet.' : ''}
        </span>
        <Button variant="quiet" disabled={!isChanged} onClick={() => setText(base)}>
          Undo changes
        </Button>
        <Button busy={command.isBusy} disabled={!isSavable} onClick={() => void save('save')}>
          Save
        </Button>
        <Button variant="primary" busy={command.isBusy} disabled={!isSavable} onClick={() => void save('start')}>
          {isOn ? 'Save and restart' : 'Save and start'}
        </Button>
      </div>
    </section>
  )
}

function Launch({ launch }: { launch: EffectiveLaunch | null }) {
  if (!launch) return null
  const line = commandLine(launch)
  return (
    <>
      <section className={styles.block} aria-label="What is really run">
        <h2 className={styles.heading}>
          What is really run <CopyButton text={line} label="Copy the command line" />
        </h2>
        <code className={styles.well}>{line}</code>
        <p className={styles.small}>
          in <code>{launch.cwd}</code>
        </p>
      </section>
      <section className={styles.block} aria-label="PATH">
        <h2 className={styles.heading}>
          PATH <span className={styles.note}>{launch.path.length} folders</span>
        </h2>
        <ol className={styles.well}>
          {launch.path.map((folder) => (
            <li key={folder}>{folder}</li>
          ))}
        </ol>
      </section>
      <section className={styles.block} aria-label="Environment">
        <h2 className={styles.heading}>
          Environment <span className={styles.note}>names only</span>
        </h2>
        <p className={styles.small}>{launch.env_names.join(', ')}</p>
      </section>
    </>
  )
}

function Removal({ id }: { id: string }) {
  const [isAsking, setAsking] = useState(false)
  const command = useCommand()
  const [, go] = useLocation()
  async function remove(): Promise<void> {
    const answer = await command.run((client) => client.servers.remove({ id }))
    if (answer) go('/servers')
  }
  return (
    <section className={styles.block} aria-label="Remove">
      <Button variant="danger" onClick={() => setAsking(true)}>
        Remove {id}
      </Button>
      <RemoveDialog
        open={isAsking}
        title={`Remove ${id}?`}
        description="It is stopped and taken out of mcp.json. Its tasks and its log stay on record."
        busy={command.isBusy}
        onRemove={() => void remove()}
        onClose={() => setAsking(false)}
      />
    </section>
  )
}
