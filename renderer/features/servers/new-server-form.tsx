import { useLocation } from 'wouter'
import { type BegunServer, customNameSchema, longestCustomName } from '../../../shared/custom-contract.ts'
import { useServer } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { Segments } from '../../ui/segments.tsx'
import { StateCell } from '../../ui/state-cell.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { serverHref } from '../../view-state.ts'
import styles from './new-server-form.module.css'
import type { NewServer } from './use-new-server.ts'

/** What a server of one's own is called, what it is written in and where. */
export function NewServerFields({ server }: { server: NewServer }) {
  const { name, template, dir } = server
  const isWrong = name !== '' && !isNamed(name)
  return (
    <div className={styles.form}>
      <TextField
        label="Name"
        mono
        value={name}
        placeholder="my-server"
        error={isWrong ? `Lower case letters, digits and hyphens, a letter first, at most ${longestCustomName}.` : null}
        onChange={(next) => server.change({ name: next })}
      />
      <div className={styles.choice}>
        <span className={styles.label}>Written in</span>
        <Segments
          label="Written in"
          value={template}
          onChange={(next) => server.change({ template: next })}
          segments={[
            { value: 'typescript', label: 'TypeScript' },
            { value: 'python', label: 'Python' },
          ]}
        />
      </div>
      <TextField
        label="Folder"
        note="new or empty"
        mono
        value={dir}
        placeholder="~/my-server"
        help="It gets a tool, a resource, a prompt and tests, and starts anew when you change it."
        onChange={(next) => server.change({ dir: next })}
      />
      {server.isBusy && (
        <p role="status" className={styles.busy}>
          Its packages are on their way. That may take a minute.
        </p>
      )}
    </div>
  )
}

/** The way on from the fields, then from what came of them. */
export function NewServerActions({ server, onClose }: { server: NewServer; onClose: () => void }) {
  const [, go] = useLocation()
  const { begun } = server
  if (begun === null) {
    return (
      <DialogActions
        verb="Write it and start it"
        busy={server.isBusy}
        disabled={!isNamed(server.name) || server.dir.trim() === ''}
        onDo={() => void server.begin()}
        onCancel={onClose}
      />
    )
  }
  return (
    <DialogActions
      verb="Open server"
      cancel="Done"
      onDo={() => {
        onClose()
        go(serverHref(begun.id))
      }}
      onCancel={onClose}
    />
  )
}

/** Where a new server is, how it stands, and what is left to do. */
export function BegunServerView({ begun }: { begun: BegunServer }) {
  const { id, dir, next, problem } = begun
  const server = useServer(id)
  const lines = [`cd ${/^[\w./~-]+$/.test(dir) ? dir : JSON.stringify(dir)}`, ...next].join('\n')
  return (
    <div className={styles.form}>
      {problem !== null && (
        <Banner severity="caution" title={`${id} is written, and does not run yet.`}>
          {problem.message}. {problem.hint}
        </Banner>
      )}
      <dl className={styles.facts}>
        <dt>Server</dt>
        <dd className={styles.server}>
          <span>{id}</span>
          {server && <StateCell server={server} />}
        </dd>
        <dt>Folder</dt>
        <dd>
          <code>{dir}</code>
          <CopyButton text={dir} label="Copy the folder" />
        </dd>
      </dl>
      <section className={styles.choice} aria-label="What to do next">
        <h3 className={styles.label}>{problem === null ? 'Try it, then change it' : 'What is left to do'}</h3>
        <div className={styles.commands}>
          <pre>{lines}</pre>
          <CopyButton text={lines} label="Copy the commands" />
        </div>
      </section>
    </div>
  )
}

function isNamed(name: string): boolean {
  return customNameSchema.safeParse(name.trim()).success
}
