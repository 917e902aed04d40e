/** The JSON of an entry of a list: its own keys in their order; its numbers as JavaScript spells them. */
export function toolText(entry: object): string {
  return JSON.stringify(entry)
}
