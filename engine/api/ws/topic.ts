import { AppError } from '../../../shared/app-error.ts'
import { type DomainEventName, domainEventNames } from '../../../shared/domain-event.ts'
import { type ServerId, serverIdSchema, type TaskId, taskIdSchema } from '../../../shared/ids.ts'

/** What a topic's name stands for. */
export type Topic = { readonly name: string } & (
  | { readonly kind: 'tasks' }
  | { readonly kind: 'task'; readonly id: TaskId }
  | { readonly kind: 'servers' }
  | { readonly kind: 'logs'; readonly server: ServerId }
  | { readonly kind: 'fact'; readonly event: DomainEventName }
)

/** @throws AppError `unknown_topic` (404). */
export function topicOf(name: string): Topic {
  if (name === 'tasks' || name === 'servers') return { name, kind: name }
  const task = name.startsWith('tasks.') ? taskIdSchema.safeParse(name.slice('tasks.'.length)) : null
  if (task?.success) return { name, kind: 'task', id: task.data }
  // The id of a server may hold dots of its own.
  const server = /^servers\.(.+)\.logs$/s.exec(name)?.[1]
  const id = server === undefined ? null : serverIdSchema.safeParse(server)
  if (id?.success) return { name, kind: 'logs', server: id.data }
  const event = domainEventNames.find((one) => name === `events.${one}`)
  if (event !== undefined) return { name, kind: 'fact', event }
  throw new AppError('unknown_topic', `There is no topic "${name}".`, {
    status: 404,
    hint: 'Topics are tasks, tasks.<task id>, servers, servers.<server id>.logs and events.<name>, for example events.server.failed.',
  })
}
