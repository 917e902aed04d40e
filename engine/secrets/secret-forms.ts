/** Shorter values are no secrets that masking could save: they stand in every text. */
export const leastLength = 4

/**
 * All spellings under which a secret is looked for, itself among them: JSON-escaped once and twice, URL-encoded in the
 * usual ways, in hex, and in base64 and base64url at each of the three places where it can begin within a longer text.
 * A secret of several lines counts line by line as well, since logs are cut into lines.
 */
export function formsOf(secret: string): string[] {
  const trimmed = secret.trim()
  const lines = trimmed.includes('\n') ? trimmed.split(/\r?\n/).map((line) => line.trim()) : []
  const values = [trimmed, withoutScheme(trimmed), ...lines].filter((value) => value.length >= leastLength)
  return [...new Set(values.flatMap(spellings))].filter((form) => form.length >= leastLength)
}

/** `Bearer abc` is told to servers, `abc` is what they tell again. */
function withoutScheme(value: string): string {
  return value.replace(/^(?:Bearer|Basic|Token)\s+/i, '')
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8')
  const hex = bytes.toString('hex')
  const everyByte = hex.replace(/../g, '%$&')
  const urls = [encodeURIComponent(value.toWellFormed()), strictUrl(value), formValue(value)]
  return [
    value,
    ...jsonForms(value),
    ...urls,
    ...urls.map(lowerHex),
    everyByte,
    everyByte.toUpperCase(),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ]
}

function jsonForms(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1)
  const ascii = once.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const slashes = once.replaceAll('/', '\\/')
  const upper = ascii.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)
  const forms = [once, ascii, upper, slashes]
  return [...forms, ...forms.map((form) => JSON.stringify(form).slice(1, -1))]
}

/** RFC 3986: also the characters that `encodeURIComponent` leaves alone. */
function strictUrl(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** As a form sends it, with `+` for a space. */
function formValue(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}

function lowerHex(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

/** The characters of base64 that depend on the secret alone, wherever it begins within the encoded bytes. */
function base64Forms(secret: Buffer): string[] {
  const forms = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), secret])
      .toString('base64')
      .replace(/=+$/, '')
    const first = Math.ceil((offset * 8) / 6)
    const last = Math.floor(((offset + secret.length) * 8) / 6)
    return [encoded.slice(first, last)]
  })
  // Fewer characters than this stand in texts by chance.
  return forms
    .filter((form) => form.length >= 6)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
