import type { Tool } from '../../../shared/server.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Segments } from '../../ui/segments.tsx'
import well from '../../ui/well.module.css'
import { curlCommand, terminalCommand } from '../tasks/call-commands.ts'
import { ArgumentFields } from './argument-fields.tsx'
import styles from './runner-page.module.css'
import { toolEffect } from './tool-effect.ts'
import type { Draft } from './use-arguments.ts'

interface ToolFormProps {
  server: string
  tool: Tool
  draft: Draft
  mode: 'form' | 'json'
  onMode(mode: 'form' | 'json'): void
  /** Seconds without an answer or progress, as typed; empty for the server's own. */
  limit: string
  onLimit(limit: string): void
  isBusy: boolean
  onRun(): void
}

const isApple = navigator.userAgent.includes('Mac')

/** The arguments of a tool, as a form and as JSON, and the lever that runs it. */
export function ToolForm(props: ToolFormProps) {
  const { server, tool, draft, mode, limit, isBusy } = props
  const effect = toolEffect(tool)
  const isLimitGood = limit === '' || (Number(limit) > 0 && Number(limit) <= 86_400)
  return (
    <section className={styles.pane} aria-label={`Arguments of ${tool.name}`}>
      <header className={styles.head}>
        <h2 className={styles.title} title={tool.title ?? tool.name}>
          {tool.name}
        </h2>
        {effect && <Chip tone={effectTones[effect]}>{effect}</Chip>}
        <span className={styles.spring} />
        <Segments
          label="How the arguments are given"
          value={mode}
          segments={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
          onChange={props.onMode}
        />
      </header>
      <div className={styles.body}>
        {tool.description && <p className={styles.description}>{tool.description}</p>}
        {mode === 'form' ? (
          <ArgumentFields draft={draft} nothing="It takes no arguments." />
        ) : (
          <JsonArguments draft={draft} />
        )}
        {draft.isUnchecked && (
          <p className={styles.quiet} role="status">
            The schema of {tool.name} takes too long to check here. Signalbox checks the arguments when it runs them.
          </p>
        )}
        <SameCall server={server} tool={tool.name} draft={draft} />
      </div>
      <footer className={styles.foot}>
        <Button
          variant="primary"
          busy={isBusy}
          disabled={draft.obstacle !== null || !isLimitGood}
          onClick={props.onRun}
        >
          Run tool <span className={styles.runKeys}>{isApple ? '⌘⏎' : 'Ctrl ⏎'}</span>
        </Button>
        <span className={styles.obstacle}>{draft.obstacle ?? ''}</span>
        <label className={styles.limit}>
          <span>limit</span>
          <input
            inputMode="decimal"
            aria-label="Limit in seconds"
            aria-invalid={!isLimitGood}
            placeholder="default"
            value={limit}
            onChange={(event) => props.onLimit(event.target.value.trim())}
          />
          <span>s</span>
        </label>
      </footer>
    </section>
  )
}

const effectTones = { reads: 'plain', writes: 'caution', destroys: 'danger' } as const

function JsonArguments({ draft }: { draft: Draft }) {
  const wrong = [...draft.errors]
  return (
    <>
      <div className={styles.editor}>
        <CodeEditor label="Arguments as JSON" value={draft.text} onChange={draft.setText} />
      </div>
      {wrong.length > 0 && (
        <ul className={styles.errors}>
          {wrong.map(([place, message]) => (
            <li key={place}>
              {place !== '' && <code>{place.split('/').map(decodeURIComponent).join('.')}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function SameCall({ server, tool, draft }: { server: string; tool: string; draft: Draft }) {
  const url = useSnapshot((snapshot) => snapshot.url)
  const home = useSnapshot((snapshot) => snapshot.home)
  const call = { agent: server, action: tool, parameters: draft.parameters }
  const command = terminalCommand(call)
  return (
    <section aria-label="The same call from elsewhere" className={styles.same}>
      <div className={styles.sameHead}>
        <h3>The same call from a terminal</h3>
        {url !== null && (
          <span className={styles.curl}>
            curl <CopyButton text={curlCommand(call, url, home)} label="Copy as curl" />
          </span>
        )}
        <CopyButton text={command} label="Copy the command" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className={`${well.well} ${styles.command}`} tabIndex={0}>
        {command}
      </pre>
    </section>
  )
}
