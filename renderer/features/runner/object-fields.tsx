import { Button } from '../../ui/button.tsx'
import styles from './field.module.css'
import { FieldFrame } from './field-frame.tsx'
import { type ShapedProps, useForm } from './form-context.ts'
import { type JsonSchema, startValue } from './schema-field.ts'

type Property = { name: string; schema: JsonSchema; isRequired: boolean }

/** An object within the arguments; one that may be left out is closed until it is wanted, so that recursion ends. */
export function ObjectFields(props: ShapedProps & { properties: readonly Property[] }) {
  const { name, path, value, isRequired, field, note, properties } = props
  const { root, set } = useForm()
  const isThere = value !== undefined || isRequired
  const aside = isThere ? (
    !isRequired && (
      <button type="button" className={styles.link} onClick={() => set(path, undefined)}>
        Leave out
      </button>
    )
  ) : (
    <button type="button" className={styles.link} onClick={() => set(path, startValue(props.schema, root) ?? {})}>
      Fill in
    </button>
  )
  return (
    <FieldFrame name={name} note={note} path={path} description={field.description} aside={aside}>
      {isThere && (
        <div className={styles.nested}>
          <Properties properties={properties} path={path} value={value} />
        </div>
      )}
    </FieldFrame>
  )
}

/** The fields of an object's properties; what else the object holds is told, for it is sent too. */
export function Properties({
  properties,
  path,
  value,
}: {
  properties: readonly Property[]
  path: readonly (string | number)[]
  value: unknown
}) {
  const { set, View } = useForm()
  const object = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const others = Object.keys(object).filter((key) => !properties.some((property) => property.name === key))
  return (
    <>
      {properties.map((property) => (
        <View
          key={property.name}
          name={property.name}
          schema={property.schema}
          path={[...path, property.name]}
          value={object[property.name]}
          isRequired={property.isRequired}
        />
      ))}
      {others.map((key) => (
        <FieldFrame
          key={key}
          name={key}
          note="not in the schema"
          path={[...path, key]}
          description={null}
          aside={
            <Button size="small" variant="quiet" onClick={() => set([...path, key], undefined)}>
              Remove
            </Button>
          }
        >
          <code className={styles.constant}>{JSON.stringify(object[key])}</code>
        </FieldFrame>
      ))}
    </>
  )
}
