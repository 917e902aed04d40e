import { useDeferredValue, useState } from 'react'
import { useLocation } from 'wouter'
import type { DomainEventName } from '../../../shared/domain-event.ts'
import { type DryRun, eventNamesOf, type NewRule, type RuleView, type SampleEvent } from '../../../shared/rule.ts'
import { useCall, useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { Select } from '../../ui/select.tsx'
import { cautionToast } from '../../ui/toast.tsx'
import styles from './dry-run-pane.module.css'
import { DryRunResult } from './dry-run-result.tsx'
import { eventWords } from './rule-words.ts'

interface DryRunPaneProps {
  /** As it is written now; null while something is wrong with it. */
  rule: NewRule | null
  /** The stored one, where nothing is left to be saved: it can be fired. */
  saved: RuleView | null
}

/** What the rule would do with an event, anew with each change; and a test event that really fires it. */
export function DryRunPane({ rule, saved }: DryRunPaneProps) {
  const [event, setEvent] = useState<SampleEvent | null>(null)
  const [text, setText] = useState<string | null>(null)
  const shownRule = useDeferredValue(rule)
  const key = shownRule === null ? null : JSON.stringify([shownRule, event])
  const answer = useCall(key, (engine, signal) => engine.rules.dryRun({ rule: shownRule!, event }, { signal }))
  const samples = useCall('rule samples', (engine, signal) => engine.rules.samples(undefined, { signal }))
  const [last, setLast] = useState<DryRun | null>(null)
  if (answer.kind === 'done' && answer.data !== last) setLast(answer.data)

  if (rule === null) {
    return (
      <EmptyState glyph="rules" title="There is something to mend first">
        The list at the right says what. A rule that is right is tried here without doing anything.
      </EmptyState>
    )
  }
  if (answer.kind === 'failed' && last === null) {
    return <FailedState failure={answer.failure} onRetry={answer.reload} />
  }
  if (last === null) return null
  const names = eventNamesOf(rule.trigger)
  const name = event?.name ?? last.event.name
  const shownText = text ?? JSON.stringify(last.event.payload, null, 2)

  function choose(next: DomainEventName): void {
    const sample = samples.kind === 'done' ? samples.data.items.find((one) => one.name === next) : undefined
    setEvent(next === names[0] || sample === undefined ? null : sample)
    setText(sample === undefined || next === names[0] ? null : JSON.stringify(sample.payload, null, 2))
  }
  function write(next: string): void {
    setText(next)
    const payload = objectOf(next)
    if (payload !== null) setEvent({ name, payload })
  }

  return (
    <div className={styles.pane}>
      <section aria-label="The event" className={styles.event}>
        <div className={styles.head}>
          <Select
            label="Event"
            value={name}
            options={[...new Set([...names, name])].map((one) => ({ value: one, label: sentence(eventWords[one]) }))}
            onChange={choose}
          />
          <code className={styles.name}>{name}</code>
        </div>
        <div className={styles.editor}>
          <CodeEditor
            label="Payload of the event"
            value={shownText}
            check={(value) => (isObject(value) ? null : 'A payload is an object.')}
            onChange={(next) => next !== shownText && write(next)}
          />
        </div>
        <Fire saved={saved} event={event} />
      </section>
      <section aria-label="What it would do" className={styles.result}>
        {answer.kind === 'failed' ? (
          <p className={styles.failure}>
            {answer.failure.message} {answer.failure.hint}
          </p>
        ) : (
          <DryRunResult dry={last} />
        )}
      </section>
    </div>
  )
}

function Fire({ saved, event }: { saved: RuleView | null; event: SampleEvent | null }) {
  const command = useCommand()
  const [, go] = useLocation()
  async function fire(): Promise<void> {
    if (saved === null) return
    const answer = await command.run((engine) => engine.rules.test({ id: saved.id, event }))
    if (!answer) return
    if (answer.run !== null) go(`/rules/${saved.id}?tab=runs&run=${answer.run.id}`)
    else {
      cautionToast({
        title: verdictWords[answer.verdict] ?? 'It did not run',
        message: answer.failure?.message ?? 'Change the event, or the rule.',
      })
    }
  }
  return (
    <div className={styles.foot}>
      <Button glyph="play" busy={command.isBusy} disabled={saved === null} onClick={() => void fire()}>
        Fire this event
      </Button>
      <span className={styles.hint}>
        {saved === null
          ? 'Save the rule first. What is shown here does nothing.'
          : 'Its steps are really done. The run is marked as a sample.'}
      </span>
    </div>
  )
}

const verdictWords: Readonly<Record<string, string>> = {
  refused: 'A limit kept it back',
  unmet: 'Its conditions turned the event away',
  not_its_event: 'It does not wait for this event',
  suspended: 'It cannot act now',
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    // The editor shows where; what was tried last stays.
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
