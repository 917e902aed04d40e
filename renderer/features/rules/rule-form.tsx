import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { AreaAt, JsonAt, LinesAt, NumberAt, TextAt } from './draft-fields.tsx'
import styles from './rule-form.module.css'
import { StepList } from './step-list.tsx'
import { TriggerFields } from './trigger-fields.tsx'
import { useDraftAt } from './use-rule-draft.ts'

/** A rule as a form, in the order in which it acts. */
export function RuleForm() {
  return (
    <div className={styles.form}>
      <Section title="Rule" help="Its name stands on every task that it makes.">
        <TextAt path={['name']} label="Name" />
        <AreaAt path={['description']} label="Description" note="optional" rows={2} />
      </Section>
      <Section title="When" help="One event is one run.">
        <TriggerFields />
      </Section>
      <Section title="If" help="Each must be true, in CEL over event.payload. None: every event.">
        <Conditions />
      </Section>
      <Section title="Then" help="One after the other. Later steps see what earlier ones came to.">
        <StepList at="steps" label="Steps" add="Add a step" />
      </Section>
      <Section title="If a step fails" help="What failed stands under failure.">
        <StepList at="on_failure" label="Steps after a failure" add="Add a step for then" />
      </Section>
      <Section title="Limits" help="What comes beyond is refused and stands among the runs.">
        <div className={styles.three}>
          <NumberAt path={['limits', 'rate', 'runs']} label="Runs" />
          <NumberAt path={['limits', 'rate', 'per_s']} label="In" note="seconds" />
          <NumberAt path={['limits', 'concurrency']} label="At one time" />
          <NumberAt path={['limits', 'queue']} label="May wait" note="events" />
          <NumberAt path={['limits', 'timeout_s']} label="A run may take" note="seconds" />
        </div>
        <LinesAt
          path={['limits', 'hosts']}
          label="Hosts that it may call"
          note="optional"
          help="One a line. None: those that the addresses of its steps name."
          empty={null}
        />
        <JsonAt
          path={['limits', 'tools']}
          label="Tools that it may call"
          rows={2}
          help='null: those of its steps. Else [{"server": "github", "tool": "*"}].'
        />
      </Section>
    </div>
  )
}

function Section({ title, help, children }: { title: string; help: string; children: ReactNode }) {
  return (
    <section aria-label={title} className={styles.section}>
      <div>
        <h2 className={styles.heading}>{title}</h2>
        <p className={styles.hint}>{help}</p>
      </div>
      <div className={styles.fields}>{children}</div>
    </section>
  )
}

function Conditions() {
  const { draft, value } = useDraftAt(['conditions'])
  const conditions = Array.isArray(value) ? (value as unknown[]) : []
  return (
    <>
      {conditions.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place; its text is being typed
        <div key={index} className={styles.condition}>
          <TextAt path={['conditions', index]} label={index === 0 ? 'Condition' : 'And'} mono />
          <IconButton
            glyph="x"
            size="small"
            label={`Remove condition ${index + 1}`}
            onClick={() =>
              draft.set(
                ['conditions'],
                conditions.filter((__, place) => place !== index),
              )
            }
          />
        </div>
      ))}
      <Button glyph="plus" onClick={() => draft.set(['conditions'], [...conditions, ''])}>
        Add a condition
      </Button>
    </>
  )
}
