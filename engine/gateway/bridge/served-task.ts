import type { ServerId } from '../../../shared/ids.ts'
import { edited, memberText } from '../../links/json-text.ts'
import type { GatewayCall, Reply } from '../call.ts'

const prefix = 'sbx.'

/** The reply with the id of its task, where it has one, as this client can come back with. */
export function withServedTask({ scope }: GatewayCall, server: ServerId, reply: Reply): Reply {
  if (scope.kind === 'server' || reply.kind === 'error' || !reply.text.includes('"taskId"')) return reply
  const taskId = memberText(reply.text, 'taskId')
  if (!taskId?.startsWith('"')) return reply
  const served = prefix + [server, JSON.parse(taskId) as string].map(encoded).join('.')
  return { kind: 'result', text: edited(reply.text, { taskId: JSON.stringify(served) }) }
}

/** Whose task an id that we gave out is, and what it is called there; null when it is none of ours. */
export function ownedTask(served: string): { server: string; taskId: string } | null {
  if (!served.startsWith(prefix)) return null
  const parts = served.slice(prefix.length).split('.')
  const [server, taskId] = parts.map(decoded)
  // Decoding is lenient: what does not come out as it went in was never given out.
  const isOurs = parts.length === 2 && parts.every((part) => encoded(decoded(part)) === part)
  return isOurs ? { server: server!, taskId: taskId! } : null
}

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64url')
const decoded = (text: string): string => Buffer.from(text, 'base64url').toString('utf8')
