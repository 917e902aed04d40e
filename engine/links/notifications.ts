import type { LogLevel } from '../../shared/log.ts'
import type { JsonObject } from './link.ts'

export const listKinds = ['tools', 'resources', 'prompts'] as const
export type ListKind = (typeof listKinds)[number]

/** How a modern server says that it has taken a subscription, and what of it. */
export const acknowledgement = 'notifications/subscriptions/acknowledged'

const levels: ReadonlyMap<unknown, LogLevel> = new Map([
  ['debug', 'debug'],
  ['info', 'info'],
  ['notice', 'info'],
  ['warning', 'warn'],
  ['error', 'error'],
  ['critical', 'fatal'],
  ['alert', 'fatal'],
  ['emergency', 'fatal'],
])

/** The lines in a `notifications/message`, each with the logger's name before it. */
export function readLogMessage(params: JsonObject): { level: LogLevel; text: string }[] {
  const level = levels.get(params.level) ?? 'info'
  const text = typeof params.data === 'string' ? params.data : JSON.stringify(params.data ?? null)
  const prefix = typeof params.logger === 'string' && params.logger !== '' ? `[${params.logger}] ` : ''
  return text.split(/\r?\n/).map((line) => ({ level, text: prefix + line }))
}

const listChanges: ReadonlyMap<string, ListKind> = new Map([
  ['notifications/tools/list_changed', 'tools'],
  ['notifications/resources/list_changed', 'resources'],
  ['notifications/prompts/list_changed', 'prompts'],
])

/** Which list a notification says has changed; null when it says something else. */
export function changedList(method: string): ListKind | null {
  return listChanges.get(method) ?? null
}
