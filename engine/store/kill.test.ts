import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'
import { connect } from './sqlite.ts'
import { storeWorker, temporaryHome } from './test-store.ts'

const writer = fileURLToPath(new URL('./kill-writer.ts', import.meta.url))
const kills = 20

/** Kills a writing program at a moment that nobody chose; returns the ids that it was told are stored. */
async function killWhileWriting(file: string): Promise<string[]> {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  try {
    await once(child.stdout, 'data')
    await delay(Math.random() * 60)
  } finally {
    child.kill('SIGKILL')
  }
  await closed
  return printed.split('\n').slice(0, -1)
}

test(`every acknowledged task is there after each of ${kills} kills`, { timeout: 240_000 }, async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const acknowledged: string[] = []
  for (let kill = 0; kill < kills; kill++) {
    acknowledged.push(...(await killWhileWriting(file)))
    const sqlite = connect(file)
    const stored = new Map(
      sqlite.prepare('select id, status from agent_tasks').raw().all() as [id: string, status: string][],
    )
    expect(acknowledged.filter((id) => stored.get(id) !== 'running')).toEqual([])
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
    sqlite.close()
  }
  expect(acknowledged.length).toBeGreaterThan(kills)

  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  expect(banner).toBeNull()
  const sqlite = connect(file)
  const tasks = sqlite.prepare('select count(*) from agent_tasks').pluck().get()
  sqlite.close()
  expect(await store.tasks.count()).toBe(tasks)
  expect(await store.tasks.interruptOpen('2026-11-22T15:00:00.000Z')).toBe(tasks)
})
