import { useMemo } from 'react'
import { FieldView } from './field-view.tsx'
import { type Form, FormContext } from './form-context.ts'
import { Properties } from './object-fields.tsx'
import styles from './runner-page.module.css'
import { fieldOf } from './schema-field.ts'
import type { Draft } from './use-arguments.ts'

/** A form for whatever a schema describes; `nothing` stands where it describes no field. */
export function ArgumentFields({ draft, nothing }: { draft: Draft; nothing: string }) {
  const { schema, errors, set, setBroken } = draft
  const form: Form = useMemo(
    () => ({ root: schema, View: FieldView, errors, set, setBroken }),
    [schema, errors, set, setBroken],
  )
  const { shape } = fieldOf(schema, schema)
  return (
    <FormContext value={form}>
      <div className={styles.fields}>
        {shape.kind === 'object' ? (
          <>
            {shape.properties.length === 0 && <p className={styles.quiet}>{nothing}</p>}
            <Properties properties={shape.properties} path={[]} value={draft.parameters} />
          </>
        ) : (
          <FieldView name="arguments" schema={schema} path={[]} value={draft.parameters} isRequired />
        )}
      </div>
    </FormContext>
  )
}
