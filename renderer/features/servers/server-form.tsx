import { Segments } from '../../ui/segments.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import type { EntryForm, FormProblems } from './entry-form.ts'
import styles from './server-form.module.css'

interface ServerFormProps {
  form: EntryForm
  problems: FormProblems
  onChange: (form: EntryForm) => void
}

/** A new server, field by field. */
export function ServerForm({ form, problems, onChange }: ServerFormProps) {
  const set = (change: Partial<EntryForm>): void => onChange({ ...form, ...change })
  return (
    <div className={styles.form}>
      <TextField label="Name" value={form.name} error={problems.name ?? null} onChange={(name) => set({ name })} />
      <Segments
        label="What it is"
        value={form.kind}
        onChange={(kind) => set({ kind })}
        segments={[
          { value: 'program', label: 'A program on this machine' },
          { value: 'address', label: 'An address' },
        ]}
      />
      {form.kind === 'program' ? (
        <>
          <TextField
            label="Command"
            mono
            value={form.command}
            error={problems.command ?? null}
            onChange={(command) => set({ command })}
          />
          <TextArea
            label="Arguments"
            note="one a line"
            mono
            rows={3}
            value={form.args}
            onChange={(args) => set({ args })}
          />
          <TextArea
            label="Environment"
            note="NAME=value, one a line"
            mono
            rows={3}
            value={form.pairs}
            error={problems.pairs ?? null}
            onChange={(pairs) => set({ pairs })}
          />
        </>
      ) : (
        <>
          <TextField
            label="Address"
            mono
            value={form.url}
            error={problems.url ?? null}
            onChange={(url) => set({ url })}
          />
          <TextArea
            label="Headers"
            note="Name: value, one a line"
            mono
            rows={3}
            value={form.pairs}
            error={problems.pairs ?? null}
            onChange={(pairs) => set({ pairs })}
          />
        </>
      )}
    </div>
  )
}
