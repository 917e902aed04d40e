import type { CallPattern } from '../../../shared/limits.ts'
import { originName } from '../tasks/origin-name.ts'

/** Who calls, where it is chosen or told: `Cursor`, `the owner token`. */
export function originLabel(origin: string): string {
  return origin === 'owner' ? 'the owner token' : originName(origin)
}

/** `delete of files, called by Cursor`. */
export function patternText({ client, server, tool }: CallPattern, everyone: string): string {
  const where = server === '*' ? 'every server' : server
  const what = tool === '*' ? 'every tool' : tool
  return `${what} of ${where}, called by ${client === '*' ? everyone : originLabel(client)}`
}
