import { hash } from 'node:crypto'

/**
 * The longest name that is given out. The field's limit is 64, and clients put a prefix of their own before it: the
 * longest known one, `mcp__signalbox__`, leaves 48.
 */
export const longestName = 48
const longestSlug = 20

const nothingHeld: ReadonlyMap<string, string> = new Map()

/**
 * A slug for each server, by its id: its own or one made of the id, and no two alike, whatever the order of the servers.
 * One that a server holds already stays its own, as long as it still is a form of what its entry asks for.
 */
export function slugsOf(
  servers: readonly { id: string; slug: string | null }[],
  held: ReadonlyMap<string, string> = nothingHeld,
): Map<string, string> {
  const wanted = servers.map(({ id, slug }) => ({ id, slug: slug ?? defaultSlug(id) }))
  const isKept = ({ id, slug }: { id: string; slug: string }): boolean => {
    const own = held.get(id)
    return own !== undefined && (own === slug || own === marked(slug, id))
  }
  const takers = wanted.filter((one) => !isKept(one))
  const asked = new Map<string, number>()
  const ask = (slug: string): void => void asked.set(slug.toLowerCase(), (asked.get(slug.toLowerCase()) ?? 0) + 1)
  for (const { slug } of takers) ask(slug)
  const ids = new Set(takers.map(({ id }) => id))
  const taken = new Set([...held].flatMap(([id, slug]) => (ids.has(id) ? [] : [slug.toLowerCase()])))
  // Whoever came first would be a matter of order, and a name could come to mean another server.
  return new Map(
    wanted.map((one) => {
      const { id, slug } = one
      if (isKept(one)) return [id, held.get(id)!]
      const isFree = !taken.has(slug.toLowerCase()) && (asked.get(slug.toLowerCase()) === 1 || id === slug)
      return [id, isFree ? slug : marked(slug, id)]
    }),
  )
}

function marked(slug: string, id: string): string {
  return `${slug.slice(0, longestSlug - 7)}-${shortHash(id, 6)}`
}

/**
 * The names under which one server's tools are given out: slug, `_`, tool. Each depends on its server and itself alone,
 * so that it stays when others come and go; what had to be changed or shortened carries a hash of what it was.
 */
export function shownNames(slug: string, tools: readonly string[]): Map<string, string> {
  const shown = new Map<string, string>()
  const taken = new Set<string>()
  const plain = tools.filter((tool) => isPlain(tool) && slug.length + 1 + tool.length <= longestName)
  for (const tool of plain) {
    shown.set(tool, `${slug}_${tool}`)
    taken.add(`${slug}_${tool}`)
  }
  for (const tool of tools) {
    if (shown.has(tool)) continue
    let name = shortened(slug, tool, 6)
    // A server can name one tool after the hash of another.
    for (let length = 8; taken.has(name); length += 2) name = shortened(slug, tool, length)
    shown.set(tool, name)
    taken.add(name)
  }
  return shown
}

function defaultSlug(id: string): string {
  const plain = id
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  if (plain === '') return `server-${shortHash(id, 6)}`
  return plain.length <= longestSlug ? plain : `${plain.slice(0, longestSlug - 7)}-${shortHash(id, 6)}`
}

/** Names that every client and every model's API takes as they are. */
function isPlain(tool: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(tool)
}

/** Both ends are kept: what a tool is about often stands at its end. */
function shortened(slug: string, tool: string, hashLength: number): string {
  const mark = `-${shortHash(tool, hashLength)}`
  const plain = tool.replace(/[^A-Za-z0-9_-]+/g, '_')
  const room = longestName - slug.length - 1 - mark.length
  if (plain.length <= room) return `${slug}_${plain}${mark}`
  const head = Math.ceil(room / 2)
  const tail = room - head - 1
  return `${slug}_${plain.slice(0, head)}${mark}-${plain.slice(plain.length - tail)}`
}

function shortHash(text: string, length: number): string {
  return hash('sha256', text, 'hex').slice(0, length)
}
