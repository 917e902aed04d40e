import { useState } from 'react'
import { Select } from '../../ui/select.tsx'
import styles from './field.module.css'
import { FieldFrame } from './field-frame.tsx'
import { type ShapedProps, useForm } from './form-context.ts'
import { type JsonSchema, optionFor, startValue } from './schema-field.ts'

/** A value of one of several kinds: first which, then the value. */
export function UnionField(props: ShapedProps & { options: readonly { label: string; schema: JsonSchema }[] }) {
  const { name, path, value, isRequired, field, note, options } = props
  const { root, set, View } = useForm()
  const [picked, setPicked] = useState<number | null>(null)
  const chosen = picked ?? optionFor(value, options, root)
  const option = options[chosen]!
  return (
    <FieldFrame name={name} note={note} path={path} description={field.description}>
      <div className={styles.choice}>
        <Select
          label={`Kind of ${name}`}
          value={String(chosen)}
          options={options.map(({ label }, index) => ({ value: String(index), label }))}
          onChange={(index) => {
            setPicked(Number(index))
            set(path, startValue(options[Number(index)]!.schema, root))
          }}
        />
      </div>
      <div className={styles.nested}>
        <View
          key={chosen}
          name={option.label}
          schema={option.schema}
          path={path}
          value={value}
          isRequired={isRequired}
        />
      </div>
    </FieldFrame>
  )
}
