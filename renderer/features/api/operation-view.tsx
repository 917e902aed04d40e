import { useState } from 'react'
import type { Failure } from '../../../shared/app-error.ts'
import { callFailure, type EngineClient } from '../../client/engine-client.ts'
import { useEngine, useSnapshot } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Method } from './method.tsx'
import styles from './operation-view.module.css'
import { type ApiOperation, curlOf, firstInput } from './operations.ts'

type Outcome = { kind: 'answered'; value: unknown } | { kind: 'failed'; failure: Failure }

/** One operation: what it takes, what it answers, the same from a terminal, and a way to try it. */
export function OperationView({ operation }: { operation: ApiOperation }) {
  const client = useEngine()
  const url = useSnapshot((snapshot) => snapshot.url)
  const home = useSnapshot((snapshot) => snapshot.home)
  const [text, setText] = useState(() => JSON.stringify(firstInput(operation), null, 2))
  const [isBusy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const input = parsed(text)
  const takesSomething = operation.parameters.length > 0 || operation.body !== null
  const call = procedureOf(client, operation.id)
  const curl = curlOf(operation, input ?? {}, { url: url ?? 'http://127.0.0.1:7420', home })

  async function send(): Promise<void> {
    if (call === null || input === null) return
    setBusy(true)
    try {
      setOutcome({ kind: 'answered', value: await call(Object.keys(input).length === 0 ? undefined : input) })
    } catch (error) {
      setOutcome({ kind: 'failed', failure: callFailure(error) })
    }
    setBusy(false)
  }

  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h2 className={styles.title}>
          <Method method={operation.method} /> <code>{`/api/v1${operation.path}`}</code>
        </h2>
        <p className={styles.summary}>{operation.summary}</p>
      </header>
      {operation.parameters.length > 0 && (
        <Panel title="Parameters">
          <table className={classNames(styles.table, styles.parameters)}>
            <tbody>
              {operation.parameters.map(({ name, in: where, isRequired, description, schema }) => (
                <tr key={`${where} ${name}`}>
                  <th scope="row">
                    <code>{name}</code>
                  </th>
                  <td>{isRequired ? where : `${where}, optional`}</td>
                  <td>{typeOf(schema)}</td>
                  <td>
                    <Described text={description} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
      {operation.body !== null && <JsonView label="Schema of the body" value={operation.body} openDepth={3} />}
      <Panel title="Try it" note={call === null ? 'from a terminal' : noteOf(operation)}>
        {call !== null && (
          <>
            {takesSomething && (
              <div className={styles.editor}>
                <CodeEditor
                  label="What is sent: parts of the path, parameters and body"
                  value={text}
                  onChange={setText}
                />
              </div>
            )}
            <div className={styles.foot}>
              {!takesSomething && <span className={styles.nothing}>It takes nothing.</span>}
              <Button
                variant={operation.method === 'GET' ? 'primary' : 'danger'}
                busy={isBusy}
                disabled={input === null}
                onClick={() => void send()}
              >
                {operation.method === 'GET' ? 'Send' : 'Send for real'}
              </Button>
            </div>
          </>
        )}
        <div className={styles.curl}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{curl}</pre>
          <CopyButton text={curl} label="Copy the command" />
        </div>
      </Panel>
      {outcome?.kind === 'answered' && <JsonView label="Answer" value={outcome.value} openDepth={2} />}
      {outcome?.kind === 'failed' && (
        <Banner severity="caution" title={`${outcome.failure.code}: ${outcome.failure.message}`}>
          {outcome.failure.hint}
        </Banner>
      )}
      <Panel title="Answers">
        <table className={classNames(styles.table, styles.answers)}>
          <tbody>
            {operation.responses.map(({ status, description, types }) => (
              <tr key={status}>
                <th scope="row">
                  <code>{status}</code>
                </th>
                <td>
                  <Described text={description} />
                </td>
                <td>
                  <code>{types.join(', ')}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      {operation.responses
        .filter(({ example }) => example !== undefined)
        .map(({ status, example }) => (
          <JsonView key={status} label={`Example of ${status}`} value={example} openDepth={2} />
        ))}
    </div>
  )
}

/** A description of the document, with what stands between backticks as code. */
function Described({ text }: { text: string }) {
  const parts = text.split('`')
  // biome-ignore lint/suspicious/noArrayIndexKey: every second part is code, by its place
  return parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}

/** Null while it is no JSON object. */
function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    // Half-typed JSON is not sent; the editor says where it breaks.
    return null
  }
}

/** The procedure that an operation calls; null for the few that only HTTP has. */
function procedureOf(client: EngineClient, id: string): ((input: unknown) => Promise<unknown>) | null {
  const [section, name] = id.split('.') as [string, string]
  if (section === 'page' || id === 'exports.download') return null
  type Section = Readonly<Record<string, (input: unknown) => Promise<unknown>>>
  return (client as unknown as Readonly<Record<string, Section | undefined>>)[section]?.[name] ?? null
}

function noteOf({ method }: ApiOperation): string {
  return method === 'GET' ? 'with the rights of this page' : 'it is carried out here, at once'
}

function typeOf(schema: unknown): string {
  const { type, format, items } = (schema ?? {}) as { type?: string; format?: string; items?: unknown }
  if (type === 'array') return `list of ${typeOf(items)}`
  return format ?? type ?? 'any'
}
