/** Entries of lists with their text as the server wrote it, for as long as the entry itself is held. */
const texts = new WeakMap<object, string>()

export function keepText(entry: object, text: string): void {
  texts.set(entry, text)
}

/** As its server wrote it; as it reads where that is not known any more, after a start of the app for example. */
export function toolText(entry: object): string {
  return texts.get(entry) ?? JSON.stringify(entry)
}
