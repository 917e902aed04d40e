import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openLogStore } from '../store/open-store.ts'
import { serverId, storeWorker, temporaryHome } from '../store/test-store.ts'
import { FloodGate } from './flood-gate.ts'
import type { LogPipeline } from './log-pipeline.ts'
import { PipeReader } from './pipe-reader.ts'
import { createLogPipeline } from './pipeline.ts'

function reading(longestPauseMs: number) {
  const pipe = new PassThrough()
  const gate = new FloodGate(10)
  const heard: string[] = []
  const options = {
    gate,
    longestPauseMs: () => longestPauseMs,
    onChunk: (chunk: Buffer) => heard.push(String(chunk)),
    onGap: (lines: number) => heard.push(`<${lines} lines left out>`),
    onEnd: () => heard.push('<end>'),
  }
  new PipeReader(pipe, options)
  const write = async (text: string): Promise<void> => {
    pipe.write(text)
    await new Promise(setImmediate)
  }
  return { pipe, gate, heard, write }
}

test('a pipe stands still while the log is behind, and goes on where it stopped', async () => {
  const { pipe, gate, heard, write } = reading(Number.POSITIVE_INFINITY)
  await write('0123456789\n')
  await write('next\n')
  expect([heard, pipe.isPaused()]).toEqual([['0123456789\n'], true])
  gate.taken(11)
  pipe.end()
  await once(pipe, 'close')
  expect(heard).toEqual(['0123456789\n', 'next\n', '<end>'])
})

test('after the longest pause what comes is left out, counted by whole lines, and told once', async () => {
  const { pipe, gate, heard, write } = reading(0)
  await write('0123456789\nan open ')
  // The pause may be over before anybody could listen for its end.
  while (pipe.isPaused()) await new Promise(setImmediate)
  await write('line\ntwo\nthree\nfour, which')
  expect(heard).toEqual(['0123456789\nan open '])
  gate.taken(19)
  await write(' has an end\nfive\n')
  pipe.end()
  await once(pipe, 'close')
  expect(heard).toEqual(['0123456789\nan open ', '<4 lines left out>', 'five\n', '<end>'])
})

const lines = 300_000

async function logStore(home: ReturnType<typeof temporaryHome>) {
  return (await openLogStore({ file: home.file('logs.db'), worker: storeWorker })).store
}

async function flood(pipeline: LogPipeline): Promise<void> {
  const child = spawn('seq', ['-f', 'line %.0f of a flood', String(lines)], { stdio: ['ignore', 'pipe', 'inherit'] })
  pipeline.read({ server: serverId('flood'), run_id: null, stream: 'stderr' }, child.stdout)
  await once(child.stdout, 'close')
  await pipeline.flush()
}

test('of a flood that the log cannot take, every line is either kept or counted', async () => {
  using home = temporaryHome()
  await using store = await logStore(home)
  await using pipeline = createLogPipeline({ intake: store.intake, longestPauseMs: 0, mostBytesOnWay: 128 * 1024 })
  await flood(pipeline)

  const { servers } = await store.overview({})
  const notices = await store.following({ after: 0, through: lines * 2, limit: lines, stream: ['supervisor'] })
  const told = notices.map(({ text }) => Number(/^dropped (\d+) lines?: they came faster/.exec(text)![1]))
  expect(told.length).toBeGreaterThan(0)
  expect(servers[0]!.dropped).toBe(told.reduce((sum, one) => sum + one, 0))
  expect(servers[0]!.lines - notices.length + servers[0]!.dropped).toBe(lines)
})

test('where every line is to be kept, whoever writes the same flood waits for as long as it takes', async () => {
  using home = temporaryHome()
  await using store = await logStore(home)
  await using pipeline = createLogPipeline({ intake: store.intake, longestPauseMs: 0, mostBytesOnWay: 128 * 1024 })
  pipeline.keepEvery(true)
  await flood(pipeline)
  expect((await store.overview({})).servers).toMatchObject([{ server: 'flood', lines, dropped: 0 }])
})
