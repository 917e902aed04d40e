import type { ReactNode } from 'react'
import type { RuleView } from '../../../shared/rule.ts'
import { useCommand } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useViewState } from '../../view-state.ts'
import { DryRunPane } from './dry-run-pane.tsx'
import styles from './rule-editor.module.css'
import { RuleForm } from './rule-form.tsx'
import { pointerParts } from './rule-text.ts'
import { DraftContext, type RuleDraft } from './use-rule-draft.ts'

interface RuleEditorProps {
  /** Null: a new one. */
  rule: RuleView | null
  draft: RuleDraft
  onSaved: (rule: RuleView) => void
}

/** A rule to be written: as a form, as JSON or as YAML, with what is wrong beside it. */
export function RuleEditor({ rule, draft, onSaved }: RuleEditorProps) {
  const [mode, setMode] = useViewState<'form' | 'json' | 'yaml' | 'try'>('as', 'form')
  const command = useCommand()
  const isSavable = draft.rule !== null && (draft.isChanged || rule === null)

  async function save(enabled: boolean | null): Promise<void> {
    if (draft.rule === null) return
    const next = { ...draft.rule, enabled: enabled ?? rule?.enabled ?? false }
    const saved = await command.run((engine) =>
      rule === null ? engine.rules.create(next) : engine.rules.update({ ...next, id: rule.id }),
    )
    if (saved) onSaved(saved)
  }

  return (
    <DraftContext value={draft}>
      <div className={styles.editor}>
        <div className={styles.main}>
          <div className={styles.bar}>
            <Segments
              label="How the rule is written"
              value={mode}
              segments={[
                { value: 'form', label: 'Form' },
                { value: 'json', label: 'JSON' },
                { value: 'yaml', label: 'YAML' },
                { value: 'try', label: 'Dry run' },
              ]}
              onChange={(next) => {
                setMode(next)
                if (next === 'json' || next === 'yaml') draft.setFormat(next)
              }}
            />
          </div>
          {draft.isOvertaken && (
            <Banner
              severity="caution"
              title="This rule was changed meanwhile."
              actions={<Button onClick={draft.begin}>Take the new one</Button>}
            >
              Your edit is still here; saving it puts it in the other's place.
            </Banner>
          )}
          {mode === 'try' ? (
            <DryRunPane rule={draft.rule} saved={draft.isChanged ? null : rule} />
          ) : mode === 'form' ? (
            <div className={styles.scroll}>
              {draft.isReadable ? <RuleForm /> : <Unreadable onText={() => setMode(draft.format)} />}
            </div>
          ) : (
            <div className={styles.code}>
              <CodeEditor
                label={`The rule as ${mode.toUpperCase()}`}
                language={mode}
                value={draft.text}
                findings={draft.findings}
                onChange={draft.setText}
              />
            </div>
          )}
        </div>
        <aside className={styles.side}>
          <Findings draft={draft} showsLines={mode === 'json' || mode === 'yaml'} />
          <div className={styles.actions}>
            <Button
              variant="primary"
              busy={command.isBusy}
              disabled={!isSavable}
              onClick={() => void save(rule === null ? true : null)}
            >
              {rule === null ? 'Save and switch on' : 'Save'}
            </Button>
            {rule === null ? (
              <Button busy={command.isBusy} disabled={!isSavable} onClick={() => void save(false)}>
                Save, off
              </Button>
            ) : (
              <Button variant="quiet" disabled={!draft.isChanged} onClick={draft.begin}>
                Undo changes
              </Button>
            )}
          </div>
          <Reading />
        </aside>
      </div>
    </DraftContext>
  )
}

function Unreadable({ onText }: { onText: () => void }) {
  return (
    <div className={styles.unreadable}>
      <p>The text cannot be shown as a form: a part of it has another shape than a rule, or it cannot be read.</p>
      <Button onClick={onText}>Mend the text</Button>
    </div>
  )
}

function Findings({ draft, showsLines }: { draft: RuleDraft; showsLines: boolean }) {
  const errors = draft.findings.filter(({ severity }) => severity === 'error').length
  return (
    <section aria-label="What is wrong" className={styles.findings}>
      <h2 className={styles.heading}>
        <span role="status">
          {draft.isChecking
            ? 'Looking at it'
            : draft.findings.length === 0
              ? 'Nothing is wrong'
              : errors === 0
                ? 'It can be saved'
                : draft.isChanged
                  ? `${errors} to mend`
                  : `${errors} to fill in`}
        </span>
      </h2>
      <ul>
        {draft.findings.map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two findings may say the same of one place
          <li key={index} className={styles.finding}>
            <Glyph
              name={finding.severity === 'error' ? 'level-error' : 'level-warn'}
              tone={finding.severity === 'error' ? 'danger' : 'caution'}
              size={14}
            />
            <span>
              <Place path={draft.problems[index]?.path} line={showsLines ? finding.line : null} />
              {finding.message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Place({ path, line }: { path: string | undefined; line: number | null }): ReactNode {
  const words = path === undefined || path === '' ? null : placeWords(pointerParts(path))
  if (words === null && line === null) return null
  return (
    <span className={styles.place}>
      {line !== null && `Line ${line}`}
      {line !== null && words !== null && ', '}
      {words}
    </span>
  )
}

/** `step 2, arguments.title` */
function placeWords([first, second, ...rest]: string[]): string {
  if ((first === 'steps' || first === 'on_failure') && second !== undefined) {
    const step = `${first === 'steps' ? 'step' : 'step after a failure'} ${Number(second) + 1}`
    return rest.length === 0 ? step : `${step}, ${rest.join('.')}`
  }
  if (first === 'conditions' && second !== undefined) return `condition ${Number(second) + 1}`
  return [first, second, ...rest].filter((part) => part !== undefined).join('.')
}

/** What expressions and templates can speak of. */
function Reading() {
  return (
    <section aria-label="What a rule can speak of" className={styles.reading}>
      <h2 className={styles.heading}>What a rule can speak of</h2>
      <dl>
        <dt>event.payload</dt>
        <dd>what the event tells, for example event.payload.issue.title</dd>
        <dt>event.name, event.at</dt>
        <dd>which event, and when</dd>
        <dt>steps.NAME.text, .json, .result</dt>
        <dd>what an earlier call of a tool answered</dd>
        <dt>steps.NAME.code, .body</dt>
        <dd>what an address answered</dd>
        <dt>rule.name, run.id</dt>
        <dd>this rule and this run</dd>
      </dl>
      <p>
        Conditions are CEL: <code>event.payload.action == "opened"</code>. In texts, <code>{'${…}'}</code> holds an
        expression.
      </p>
    </section>
  )
}
