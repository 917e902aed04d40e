import { offenceIn } from './json-text.ts'

/** Of entries whose server spells them otherwise than JavaScript does: `1.0`, and integers of many digits. */
const spelt = new WeakMap<object, string>()

/** The JSON of an entry of a list, as its server wrote it; where that is not known, with its numbers as JavaScript spells them. */
export function toolText(entry: object): string {
  return spelt.get(entry) ?? JSON.stringify(entry)
}

/** Remembers how a server wrote an entry, unless two readers may read that in two ways. */
export function keepText(entry: object, text: string): void {
  if (text !== JSON.stringify(entry) && offenceIn(text) === null) spelt.set(entry, text)
}
