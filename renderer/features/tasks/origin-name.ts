const names: Readonly<Record<string, string>> = { page: 'you', terminal: 'terminal', api: 'API' }

/** Who asked, in a word: `you`, `API`, the client's or rule's own name. */
export function originName(origin: string): string {
  const [kind, ...rest] = origin.split(':')
  const name = rest.join(':')
  if (name === '') return names[origin] ?? origin
  return kind === 'client' ? name : `${kind} ${name}`
}
