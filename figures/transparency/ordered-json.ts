/** A JSON value that keeps what JSON.parse loses: the order of all members, repeated ones, and the digits of numbers. */
export type OrderedJson =
  | { kind: 'object'; members: [key: string, value: OrderedJson][] }
  | { kind: 'array'; items: OrderedJson[] }
  | { kind: 'string'; value: string }
  /** A number, `true`, `false` or `null`, as written. */
  | { kind: 'word'; text: string }

/** Reads JSON text that JSON.parse takes. */
export function readOrdered(text: string): OrderedJson {
  const tokens = /\s*([[\]{}:,]|"(?:[^"\\]|\\.)*"|[^\s[\]{}:,"]+)/gy
  const next = (): string => {
    const token = tokens.exec(text)?.[1]
    if (token === undefined) throw new Error(`No JSON at ${tokens.lastIndex}: ${text.slice(0, 200)}`)
    return token
  }
  const read = (token: string): OrderedJson => {
    if (token === '[') return { kind: 'array', items: until(']', read) }
    if (token === '{') return { kind: 'object', members: until('}', member) }
    if (token.startsWith('"')) return { kind: 'string', value: JSON.parse(token) }
    return { kind: 'word', text: token }
  }
  const member = (token: string): [string, OrderedJson] => {
    const key: string = JSON.parse(token)
    next()
    return [key, read(next())]
  }
  const until = <T>(close: string, readOne: (token: string) => T): T[] => {
    const all: T[] = []
    for (let token = next(); token !== close; token = next()) all.push(readOne(token === ',' ? next() : token))
    return all
  }
  return read(next())
}

/** In one form only: without space, and each string in its shortest spelling. */
export function writeOrdered(json: OrderedJson): string {
  switch (json.kind) {
    case 'object':
      return `{${json.members.map(([key, value]) => `${JSON.stringify(key)}:${writeOrdered(value)}`).join(',')}}`
    case 'array':
      return `[${json.items.map(writeOrdered).join(',')}]`
    case 'string':
      return JSON.stringify(json.value)
    case 'word':
      return json.text
  }
}

/** The value behind some keys, each the first of its name; undefined where there is none. */
export function at(json: OrderedJson | undefined, ...path: readonly string[]): OrderedJson | undefined {
  const [key, ...rest] = path
  if (key === undefined || json === undefined) return json
  if (json.kind !== 'object') return undefined
  return at(json.members.find(([name]) => name === key)?.[1], ...rest)
}

/** Without the member that a path names; an object that this leaves empty stays. */
export function without(json: OrderedJson, ...[key, ...rest]: readonly string[]): OrderedJson {
  if (json.kind !== 'object') return json
  if (rest.length === 0) return { ...json, members: json.members.filter(([name]) => name !== key) }
  return {
    ...json,
    members: json.members.map(([name, value]) => [name, name === key ? without(value, ...rest) : value]),
  }
}
