import { expect, test, vi } from 'vitest'
import type { HeldCall } from '../../shared/approvals.ts'
import { HeldNotices } from './held-notices.ts'

const call = (tool: string) => ({ id: tool, server: 'files', tool, origin: 'client:Cursor' }) as unknown as HeldCall

test('names the first call at once, gathers those that follow into one number, and begins anew once it was quiet', () => {
  vi.useFakeTimers()
  try {
    const said: string[] = []
    let waiting: HeldCall[] = []
    const raise = ({ message, topic }: { message: string; topic?: string }) => void said.push(`${topic}: ${message}`)
    const notices = new HeldNotices({ waiting: () => waiting, raise })
    const hold = (tool: string): void => {
      waiting = [...waiting, call(tool)]
      notices.add()
    }
    hold('delete')
    expect(said.splice(0)).toEqual(['approvals: Cursor waits to call delete of files.'])
    for (let more = 0; more < 199; more++) hold(`tool${more}`)
    expect(said).toEqual([])
    vi.advanceTimersByTime(2_000)
    expect(said.splice(0)).toEqual(['approvals: 200 calls wait for your yes or no.'])
    // Answered before they could be told of.
    hold('late')
    waiting = []
    vi.advanceTimersByTime(10_000)
    expect(said).toEqual([])
    hold('next')
    expect(said).toEqual(['approvals: Cursor waits to call next of files.'])
  } finally {
    vi.useRealTimers()
  }
})
