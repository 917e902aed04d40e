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
/** Of a task that somebody asks for by its id. What is no UUID is the id of no task, and as unknown as any other. */
export const askedTaskIdSchema = z.string().min(1).max(200).brand<'TaskId'>().meta({ format: 'uuid' })

export const runIdSchema = z.uuid().brand<'RunId'>()
export type RunId = z.infer<typeof runIdSchema>

let lastMs = 0
/** The time as an id begins with it. */
let time = ''
let counter = 0

/**
 * A UUID version 7 (RFC 9562, method 1: the 12 bits after the time are a counter), so that ids made in one
 * process sort by the order in which they were made.
 */
export function uuidV7(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    setTime(nowMs)
    const at = nextRandom()
    counter = ((pool[at]! << 8) | pool[at + 1]!) & 0x7ff
  } else if (++counter > 0xfff) {
    setTime(lastMs + 1)
    counter = 0
  }
  const at = nextRandom()
  let tail = `${hex[(pool[at]! & 0x3f) | 0x80]}${hex[pool[at + 1]!]}-`
  for (let index = 2; index < 8; index++) tail += hex[pool[at + index]!]!
  return `${time}-7${hex[counter >> 8]![1]}${hex[counter & 0xff]}-${tail}`
}

function setTime(ms: number): void {
  lastMs = ms
  const digits = ms.toString(16).padStart(12, '0')
  time = `${digits.slice(0, 8)}-${digits.slice(8)}`
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
// The system is asked for many bytes at once: an id a call is made where each microsecond counts.
const pool = new Uint8Array(2048)
let used = pool.length

function nextRandom(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += 8
  return used - 8
}
