import type { RuleStep } from '../../../shared/rule.ts'
import type { Tool } from '../../../shared/server.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { argumentSkeleton, argumentWords } from './argument-skeleton.ts'
import type { Path } from './at-path.ts'
import { AreaAt, ChoiceAt, JsonAt, NumberAt, TextAt } from './draft-fields.tsx'
import { newStep } from './new-parts.ts'
import styles from './rule-form.module.css'
import { stepKinds } from './rule-words.ts'
import { useDraftAt } from './use-rule-draft.ts'

type LooseStep = { readonly name?: string; readonly kind?: RuleStep['kind']; readonly server?: string }

/** The steps at one place of a rule, in their order; `add` is what its button says. */
export function StepList({ at, label, add }: { at: 'steps' | 'on_failure'; label: string; add: string }) {
  const { draft, value, problem } = useDraftAt([at])
  const steps = (Array.isArray(value) ? value : []) as LooseStep[]
  const other = useDraftAt([at === 'steps' ? 'on_failure' : 'steps']).value
  const taken = [...steps, ...((Array.isArray(other) ? other : []) as LooseStep[])].map(({ name }) => name ?? '')
  const put = (next: readonly unknown[]): void => draft.set([at], next)
  const move = (from: number, to: number): void => {
    const next = [...steps]
    next.splice(to, 0, ...next.splice(from, 1))
    put(next)
  }
  return (
    <>
      <ol className={styles.steps} aria-label={label}>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; its name is being typed
          <li key={index} className={styles.step} aria-label={`Step ${step.name ?? index + 1}`}>
            <div className={styles.stepHead}>
              <span className={styles.place}>{index + 1}</span>
              <span className={styles.kind}>{stepKinds.find(({ value: kind }) => kind === step.kind)?.label}</span>
              <IconButton
                glyph="chevron"
                size="small"
                className={styles.up}
                label={`Move ${step.name} up`}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              />
              <IconButton
                glyph="chevron-down"
                size="small"
                label={`Move ${step.name} down`}
                disabled={index === steps.length - 1}
                onClick={() => move(index, index + 1)}
              />
              <IconButton
                glyph="x"
                size="small"
                label={`Remove ${step.name}`}
                onClick={() => put(steps.filter((_, place) => place !== index))}
              />
            </div>
            <StepFields path={[at, index]} step={step} />
          </li>
        ))}
      </ol>
      {problem !== null && <p className={styles.problem}>{problem}</p>}
      <Menu align="start" trigger={<Button glyph="plus">{add}</Button>}>
        {stepKinds.map(({ value: kind, label: words }) => (
          <MenuItem key={kind} onSelect={() => put([...steps, newStep(kind, taken)])}>
            {words}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}

function StepFields({ path, step }: { path: Path; step: LooseStep }) {
  const at = (key: string): Path => [...path, key]
  return (
    <div className={styles.fields}>
      {step.kind === 'tool' && <ToolFields path={path} server={step.server ?? ''} />}
      {step.kind === 'http' && (
        <>
          <div className={styles.method}>
            <ChoiceAt path={at('method')} label="Method" options={methods} />
            <TextAt path={at('url')} label="Address" mono placeholder="https://" />
          </div>
          <JsonAt path={at('headers')} label="Headers" rows={2} />
          <JsonAt path={at('body')} label="Body" rows={3} help="null sends none." />
        </>
      )}
      {step.kind === 'notify' && (
        <>
          <div className={styles.wideNarrow}>
            <TextAt path={at('title')} label="Title" />
            <ChoiceAt path={at('severity')} label="Weight" options={severities} />
          </div>
          <AreaAt path={at('message')} label="Message" rows={2} />
        </>
      )}
      {step.kind === 'approval' && <AreaAt path={at('message')} label="Question" rows={2} />}
      <div className={styles.four}>
        <TextAt path={at('name')} label="Name" mono />
        <TextAt path={at('condition')} label="Only if" note="optional" mono empty={null} placeholder="always" />
        <NumberAt path={at('timeout_s')} label="Time" note="seconds" placeholder="no own" empty={null} />
        <ChoiceAt path={at('on_failure')} label="If it fails" options={afterFailure} />
      </div>
    </div>
  )
}

const methods = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((value) => ({ value, label: value }))
const severities = [
  { value: 'info', label: 'For information' },
  { value: 'caution', label: 'Caution' },
  { value: 'danger', label: 'Something is broken' },
] as const
const afterFailure = [
  { value: 'stop', label: 'Stop the run' },
  { value: 'continue', label: 'Go on' },
] as const

function ToolFields({ path, server }: { path: Path; server: string }) {
  const { draft, value } = useDraftAt(path)
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const known = servers.find(({ id }) => id === server)
  const answer = useCall(known ? `tools of ${server}` : null, (engine, signal) =>
    engine.servers.tools({ id: known!.id }, { signal }),
  )
  const tools = answer.kind === 'done' ? answer.data.items : []
  const step = (value ?? {}) as { tool?: unknown; arguments?: object }
  const chosen = tools.find(({ name }) => name === step.tool)

  function choose(name: string): void {
    const tool = tools.find((one) => one.name === name)
    // What was written already is kept.
    const isEmpty = Object.keys(step.arguments ?? {}).length === 0
    draft.set(path, {
      ...step,
      tool: name,
      ...(isEmpty && tool !== undefined && { arguments: argumentSkeleton(tool) }),
    })
  }

  return (
    <>
      <div className={styles.two}>
        <ChoiceAt
          path={[...path, 'server']}
          label="Server"
          options={servers.map(({ id }) => ({ value: id, label: id }))}
        />
        <ChoiceAt
          path={[...path, 'tool']}
          label="Tool"
          options={tools.map(({ name }) => ({ value: name, label: name }))}
          onChoose={choose}
        />
      </div>
      <JsonAt path={[...path, 'arguments']} label="Arguments" help={`${takes(chosen)}${templates}`} />
    </>
  )
}

const templates = 'Texts may hold ${event.payload.…} and ${steps.NAME.text}.'

function takes(tool: Tool | undefined): string {
  const words = tool === undefined ? '' : argumentWords(tool)
  return words === '' ? '' : `It takes ${words}. `
}
