/** How Signalbox comes to know a secret: it holds it, it finds it in plain text, or it must see it by its shape. */
type Holder = 'vault' | 'config' | 'shape'

export interface Planted {
  readonly name: string
  readonly value: string
  readonly holder: Holder
}

/** Secrets of many alphabets, lengths and holders; the same for the same seed. */
export function plantedSecrets(count: number, seed: number): Planted[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, index) => {
    const holder: Holder = index % 5 === 4 ? 'shape' : index % 2 === 0 ? 'vault' : 'config'
    const value = holder === 'shape' ? shaped(index, random) : text(index, random)
    return { name: `PLANTED_${String(index).padStart(3, '0')}_API_KEY`, value, holder }
  })
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const alphabets = [
  letters,
  `${letters}-_.~`,
  `${letters}!@#%&*()+=/?:;,"'\\<> `,
  `${letters}äöüßéñ`,
  'abcdef0123456789',
]

function text(index: number, random: () => number): string {
  const length = 12 + Math.floor(random() * 40)
  return `k${picked(alphabets[index % alphabets.length]!, length, random)}z`
}

function shaped(index: number, random: () => number): string {
  const tail = picked(letters, 36, random)
  const shapes = [
    `ghp_${tail}`,
    `sk-proj-${tail}`,
    `xoxb-${tail}`,
    `glpat-${tail}`,
    `AKIA${tail.slice(0, 16).toUpperCase()}`,
  ]
  return shapes[Math.floor(index / 5) % shapes.length]!
}

function picked(alphabet: string, length: number, random: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
}

/** Spellings under which a reader of a sink would know the secret again; one of a known shape is promised as it is only. */
export function spellingsOf({ value, holder }: Planted): string[] {
  if (holder === 'shape') return [value]
  const bytes = Buffer.from(value)
  // The characters that depend on the secret alone, for each place where it may begin.
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(3)]).toString('base64')
    return encoded.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3))
  })
  const all = [
    value,
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    encodeURIComponent(value),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64,
    ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
  ]
  return [...new Set(all)]
}

/** A small generator with a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
