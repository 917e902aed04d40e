import type { ReactNode } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import { NumberPlate } from '../../ui/number-plate.tsx'
import styles from './field.module.css'
import { FieldFrame } from './field-frame.tsx'
import { type ShapedProps, useForm } from './form-context.ts'
import { Properties } from './object-fields.tsx'
import { emptyValue, fieldOf, type JsonSchema } from './schema-field.ts'

/** A list whose items come and go. */
export function ListField({ name, path, value, isRequired, field, note, items }: ShapedProps & { items: JsonSchema }) {
  const { root, set, View } = useForm()
  const list = Array.isArray(value) ? value : []
  const word = singular(name)
  const shape = fieldOf(items, root).shape
  const isObject = shape.kind === 'object'

  function remove(index: number): void {
    const rest = list.toSpliced(index, 1)
    set(path, rest.length === 0 && !isRequired ? undefined : rest)
  }

  const removeButton = (index: number): ReactNode => (
    <IconButton glyph="x" size="small" label={`Remove ${word} ${index + 1}`} onClick={() => remove(index)} />
  )

  return (
    <FieldFrame
      name={name}
      note={note}
      path={path}
      description={field.description}
      aside={
        <button type="button" className={styles.link} onClick={() => set(path, [...list, emptyValue(items, root)])}>
          Add {word}
        </button>
      }
    >
      {list.length > 0 && (
        <ol className={styles.nested}>
          {list.map((item: unknown, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
            <li key={index} className={isObject ? styles.item : styles.inlineItem}>
              {isObject ? (
                <>
                  <div className={styles.itemHead}>
                    <NumberPlate number={index + 1} />
                    <span>{word}</span>
                    {removeButton(index)}
                  </div>
                  <Properties properties={shape.properties} path={[...path, index]} value={item} />
                </>
              ) : (
                <>
                  <View name={`${word} ${index + 1}`} schema={items} path={[...path, index]} value={item} isRequired />
                  {removeButton(index)}
                </>
              )}
            </li>
          ))}
        </ol>
      )}
    </FieldFrame>
  )
}

/** `edit` for `edits`, `entity` for `entities`; `item` where there is no telling. */
function singular(name: string): string {
  if (/ies$/i.test(name)) return `${name.slice(0, -3)}y`
  if (/[^s]s$/i.test(name)) return name.slice(0, -1)
  return 'item'
}
