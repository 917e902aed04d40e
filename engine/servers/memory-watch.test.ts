import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import { type MeasuredServer, MemoryWatch } from './memory-watch.ts'

const id = 'fat' as ServerId
const used = (usedMb: number, rest: Partial<MeasuredServer> = {}): MeasuredServer[] => [
  { id, pid: 1, usedMb, limitMb: null, ...rest },
]
const server = (pid: number) => ({ id, pid, state: 'ready' }) as Server

test('tells of a gigabyte once, with the number, and is quiet while it grows on', () => {
  const watch = new MemoryWatch()
  expect(watch.look(used(1000))).toBe(false)
  expect(watch.look(used(1100.4))).toBe(true)
  expect(watch.look(used(2500))).toBe(false)
  const [item] = watch.items([server(1)])
  expect(item).toMatchObject({ severity: 'caution', server: id, code: 'memory_high', action: { kind: 'restart' } })
  expect(item?.message).toContain('1,100 MB')
})

test('is silent about the process that follows, about one that shrank, and about one with a limit of its own', () => {
  const watch = new MemoryWatch()
  watch.look(used(1100))
  expect(watch.items([server(2)])).toEqual([])
  expect(watch.look(used(900))).toBe(false)
  expect(watch.look(used(700))).toBe(true)
  expect(watch.items([server(1)])).toEqual([])
  expect(watch.look(used(3000, { limitMb: 4096 }))).toBe(false)
})
