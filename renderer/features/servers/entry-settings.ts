type Entry = Readonly<Record<string, unknown>>

/** What Signalbox adds to an entry: its member `signalbox`. */
export function settingsIn({ signalbox }: Entry): Entry {
  return isRecord(signalbox) ? signalbox : {}
}

/** The entry with some settings changed; one that is undefined is taken out, and so is the member when nothing is left in it. */
export function withSettings(entry: Entry, changes: Entry): Record<string, unknown> {
  const { signalbox: _, ...rest } = entry
  const kept = Object.entries({ ...settingsIn(entry), ...changes }).filter(([, value]) => value !== undefined)
  return kept.length === 0 ? rest : { ...rest, signalbox: Object.fromEntries(kept) }
}

function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
