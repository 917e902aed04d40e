/** A tool call, as it would be made elsewhere. */
export interface Call {
  agent: string
  action: string
  parameters: Record<string, unknown>
}

/** The call as a `signalbox call` line: `name=text` for plain strings, `name:=JSON` for all else. */
export function terminalCommand({ agent, action, parameters }: Call): string {
  const parts = Object.entries(parameters).map(([name, value]) => (canBeArgument(name) ? argument(name, value) : null))
  const words = parts.includes(null) ? ['--args', quoted(JSON.stringify(parameters))] : (parts as string[])
  return lines([`signalbox call ${quoted(agent)} ${quoted(action)}`, ...words])
}

/** The call as a request to the REST face; the owner token is read from its file when it runs. */
export function curlCommand({ agent, action, parameters }: Call, url: string, home: string): string {
  const body = JSON.stringify({ agent, action, parameters })
  return lines([
    `curl -sS ${quoted(`${url}/api/v1/tasks`)}`,
    `-H "Authorization: Bearer $(cat ${quoted(`${home}/token`)})"`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(body)}`,
  ])
}

function lines(parts: readonly string[]): string {
  const oneLine = parts.join(' ')
  return oneLine.length <= 60 ? oneLine : parts.join(' \\\n  ')
}

const canBeArgument = (name: string): boolean => /^[\p{L}\p{N}_.$][\p{L}\p{N}_.$-]*$/u.test(name)

function argument(name: string, value: unknown): string {
  // After `=` an @ would name a file.
  if (typeof value === 'string' && !value.startsWith('@')) return quoted(`${name}=${value}`)
  return quoted(`${name}:=${JSON.stringify(value)}`)
}

/** One word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
