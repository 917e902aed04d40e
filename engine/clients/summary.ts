import { type Fields, stringsOf } from './found-server.ts'

const mask = '•••'

/** The command line or the URL of an entry, for reading: secrets at the given paths are not shown. */
export function summaryOf(entry: Fields, secrets: readonly string[]): string {
  if (typeof entry.url === 'string') {
    const url = URL.parse(entry.url)
    return secrets.includes('url') && url ? `${url.protocol}//${url.host}${url.pathname}` : entry.url
  }
  const args = stringsOf(entry.args).map((arg, index) =>
    secrets.includes(`args[${index}]`) ? masked(arg) : quoted(arg),
  )
  const command = typeof entry.command === 'string' ? [quoted(entry.command)] : []
  return [...command, ...args].join(' ')
}

function masked(arg: string): string {
  const option = /^(--?[\w-]+=)/.exec(arg)
  return `${option?.[1] ?? ''}${mask}`
}

function quoted(part: string): string {
  return /^[^\s"']+$/.test(part) ? part : JSON.stringify(part)
}
