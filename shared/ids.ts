import { z } from 'zod'

/** A server's id is its key in `mcpServers`; it may hold any characters but control ones. */
export const serverIdSchema = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not hold control characters')
  .brand<'ServerId'>()
export type ServerId = z.infer<typeof serverIdSchema>

export const taskIdSchema = z.uuid().brand<'TaskId'>()
export type TaskId = z.infer<typeof taskIdSchema>

export const runIdSchema = z.uuid().brand<'RunId'>()
export type RunId = z.infer<typeof runIdSchema>

let lastMs = 0
let counter = 0

/**
 * A UUID version 7 (RFC 9562, method 1: the 12 bits after the time are a counter), so that ids made in one
 * process sort by the order in which they were made.
 */
export function uuidV7(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  const random = crypto.getRandomValues(new Uint8Array(8))
  random[0] = (random[0]! & 0x3f) | 0x80
  const time = lastMs.toString(16).padStart(12, '0')
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
