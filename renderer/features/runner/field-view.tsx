import { useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import type { Path } from './arguments.ts'
import styles from './field.module.css'
import { FieldFrame } from './field-frame.tsx'
import { type FieldViewProps, type ShapedProps, useFieldError, useForm } from './form-context.ts'
import { JsonField } from './json-field.tsx'
import { ListField } from './list-field.tsx'
import { NumberField } from './number-field.tsx'
import { ObjectFields } from './object-fields.tsx'
import { type Field, fieldOf, startValue } from './schema-field.ts'
import { UnionField } from './union-field.tsx'

/** One value of the arguments, asked for in the way its schema calls for. */
export function FieldView(props: FieldViewProps) {
  const { root, set } = useForm()
  const field = fieldOf(props.schema, root)
  const note = noteOf(field, props.isRequired)
  if (props.value === null && field.isNullable) {
    return (
      <FieldFrame {...props} note={note} description={field.description}>
        <div className={styles.absent}>
          <code>null</code>
          <Button
            size="small"
            variant="quiet"
            onClick={() => set(props.path, startValue(props.schema, root) ?? undefined)}
          >
            Give a value
          </Button>
        </div>
      </FieldFrame>
    )
  }
  return <ShapedField {...props} field={field} note={note} />
}

function ShapedField(props: ShapedProps) {
  const { shape } = props.field
  switch (shape.kind) {
    case 'text':
      return <TextualField {...props} isLong={shape.isLong} />
    case 'number':
      return <NumberField {...props} />
    case 'boolean':
      return <BooleanField {...props} />
    case 'choice':
      return <ChoiceField {...props} choices={shape.choices} />
    case 'constant':
      return (
        <FieldFrame {...props} description={props.field.description}>
          <code className={styles.constant}>{JSON.stringify(shape.value)}</code>
        </FieldFrame>
      )
    case 'object':
      return <ObjectFields {...props} properties={shape.properties} />
    case 'list':
      return <ListField {...props} items={shape.items} />
    case 'union':
      return <UnionField {...props} options={shape.options} />
    case 'json':
      return <JsonField {...props} />
    default:
      return shape satisfies never
  }
}

function noteOf(field: Field, isRequired: boolean): string {
  const parts = [field.typeName]
  if (isRequired) parts.push('required')
  if (field.isNullable) parts.push('or null')
  if (field.fallback !== undefined && field.fallback !== null && typeof field.fallback !== 'object') {
    parts.push(`default ${String(field.fallback)}`)
  }
  return parts.join(', ')
}

function TextualField({ name, path, value, isRequired, field, note, isLong }: ShapedProps & { isLong: boolean }) {
  const { set } = useForm()
  const error = useFieldError(path)
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  const common = {
    label: name,
    note: <NoteWithNull note={note} field={field} path={path} />,
    help: field.description,
    error,
    mono: true,
    value: text,
    onChange: (next: string) => set(path, next === '' && !isRequired ? undefined : next),
  }
  // A text that has line ends already, or may well get some, needs room.
  if (isLong || text.includes('\n') || longNames.test(name))
    return <TextArea {...common} rows={text.includes('\n') ? 6 : 2} />
  return (
    <TextField
      {...common}
      placeholder={typeof field.fallback === 'string' ? field.fallback : undefined}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

const longNames = /^(content|text|body|code|query|prompt|thought|description|message|oldText|newText)$/i

function NoteWithNull({ note, field, path }: { note: string; field: Field; path: Path }) {
  const { set } = useForm()
  if (!field.isNullable) return note
  return (
    <>
      {note}{' '}
      <button type="button" className={styles.link} onClick={() => set(path, null)}>
        set null
      </button>
    </>
  )
}

function BooleanField({ name, path, value, isRequired, field, note }: ShapedProps) {
  const { set } = useForm()
  const id = useId()
  const isOn = typeof value === 'boolean' ? value : field.fallback === true
  return (
    <FieldFrame name={name} note={note} path={path} description={null}>
      <div className={styles.boolean}>
        <Checkbox checked={isOn} labelledBy={id} onChange={(next) => set(path, next)} />
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tick beside it takes the keys */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the tick */}
        <span id={id} onClick={() => set(path, !isOn)}>
          {field.description ?? field.title ?? name}
        </span>
        {value !== undefined && !isRequired && (
          <button type="button" className={styles.link} onClick={() => set(path, undefined)}>
            leave out
          </button>
        )}
      </div>
    </FieldFrame>
  )
}

function ChoiceField(props: ShapedProps & { choices: readonly { value: unknown; label: string }[] }) {
  const { name, path, value, isRequired, field, note, choices } = props
  const { set } = useForm()
  const chosen = choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(value))
  const none = isRequired
    ? 'Choose'
    : field.fallback === undefined
      ? 'not given'
      : `not given (${String(field.fallback)})`
  return (
    <FieldFrame name={name} note={note} path={path} description={field.description}>
      <div className={styles.choice}>
        <Select
          label={name}
          value={String(chosen)}
          options={[
            { value: '-1', label: none },
            ...choices.map(({ label }, index) => ({ value: String(index), label })),
          ]}
          onChange={(index) => set(path, choices[Number(index)]?.value)}
        />
      </div>
    </FieldFrame>
  )
}
