import { Link } from 'wouter'
import type { TaskId } from '../../../shared/ids.ts'
import type { RuleRun, RuleStep } from '../../../shared/rule.ts'
import type { TaskSummary } from '../../../shared/task.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Button } from '../../ui/button.tsx'
import { DurationBar } from '../../ui/duration-bar.tsx'
import { formatDateTime } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { taskLooks } from '../../ui/task-glyph.tsx'
import register from './register.module.css'
import { stepWords } from './rule-words.ts'
import styles from './run-detail.module.css'
import { type RunState, runLooks, stepLooks } from './run-look.tsx'
import { type TreeStep, useLiveTask, useRunTree } from './use-run-tree.ts'

const openStates: ReadonlySet<RunState> = new Set(['queued', 'running', 'input_required'])

/** One run: its event, and the tree of its tasks as it grows. */
export function RunDetail({ id, summary }: { id: TaskId; summary: RuleRun }) {
  const zone = usePreferences((preferences) => preferences.zone)
  const command = useCommand()
  const whole = useCall(`run ${id}`, (engine, signal) => engine.rules.run({ id }, { signal }), summary.status)
  const tree = useRunTree(summary)
  const plan = useSnapshot((snapshot) => snapshot.rules.find((rule) => rule.id === summary.rule)?.steps)
  const isRunning = openStates.has(tree.status)
  const look = runLooks[tree.status]
  const event = whole.kind === 'done' ? whole.data.event : null
  return (
    <section aria-label="The run" className={register.detail}>
      <header className={register.head}>
        <Glyph name={look.glyph} tone={look.tone} />
        <h2 className={register.title}>{summary.rule_name}</h2>
        <span className={styles.word}>{look.word}</span>
        {isRunning && (
          <Button
            size="small"
            busy={command.isBusy}
            onClick={() => void command.run((engine) => engine.tasks.cancel({ task_id: id }))}
          >
            Cancel
          </Button>
        )}
      </header>
      {summary.failure !== null && (
        <p className={styles.failure}>
          {summary.failure.message} <span className={styles.hint}>{summary.failure.hint}</span>
        </p>
      )}
      <ol className={styles.tree} aria-label="Task tree">
        <li className={styles.root}>
          <Glyph name="rules" tone="soft" size={14} />
          <span className={styles.event}>{summary.event_name}</span>
          <span className={styles.fact}>{formatDateTime(summary.created_at, zone)}</span>
          {summary.status !== 'refused' && (
            <Link href={`/tasks/${id}`} className={styles.link}>
              Task
            </Link>
          )}
        </li>
        {tree.steps.map((step) => (
          <StepLine key={step.name} step={step} plan={plan?.find(({ name }) => name === step.name)} />
        ))}
        {isRunning && tree.steps.length === 0 && <li className={styles.waiting}>It waits for its turn.</li>}
      </ol>
      {event !== null && (
        <div className={styles.block}>
          <JsonView label="The event" value={event.payload} openDepth={2} />
        </div>
      )}
    </section>
  )
}

function StepLine({ step, plan }: { step: TreeStep; plan: RuleStep | undefined }) {
  const task = useLiveTask(step.taskId)
  const look = task?.status === 'input_required' ? taskLooks.input_required : stepLooks[step.status]
  return (
    <li className={styles.step} aria-label={`${step.name}: ${look.word}`}>
      <Glyph name={look.glyph} tone={look.tone} />
      <span className={styles.name}>{step.name}</span>
      <span className={styles.what}>{wordsOf(step, plan, task)}</span>
      <span className={styles.word}>{look.word}</span>
      <span className={styles.took}>{task !== null && <DurationBar task={task} />}</span>
      {step.taskId === null ? <span /> : <Link href={`/tasks/${step.taskId}`}>Task</Link>}
      {step.failure !== null && (
        <span className={styles.why}>
          {step.failure.message} <span className={styles.hint}>{step.failure.hint}</span>
        </span>
      )}
      {task?.status === 'input_required' && (
        <span className={styles.why}>
          <Link href="/approvals">It waits for your yes</Link>
        </span>
      )}
    </li>
  )
}

function wordsOf({ kind }: TreeStep, plan: RuleStep | undefined, task: TaskSummary | null): string {
  if (task !== null && kind === 'tool') return `${task.action} of ${task.agent}`
  return plan === undefined ? kind : stepWords(plan)
}
