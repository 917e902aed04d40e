import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'
import { connect } from './sqlite.ts'
import { storeWorker, temporaryHome } from './test-store.ts'

const writer = fileURLToPath(new URL('./kill-writer.ts', import.meta.url))
const kills = 10

/** Kills a writing program at a moment that nobody chose. */
async function killWhileWriting(file: string, notes: string): Promise<void> {
  const child = spawn(process.execPath, [writer, file, notes], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  try {
    await once(child, 'message')
    await delay(Math.random() * 60)
  } finally {
    child.kill('SIGKILL')
  }
  await exited
}

test(`every acknowledged task is there after each of ${kills} kills`, { timeout: 240_000 }, async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const notes = home.file('notes')
  let acknowledged: string[] = []
  for (let kill = 0; kill < kills; kill++) {
    await killWhileWriting(file, notes)
    acknowledged = readFileSync(notes, 'utf8').split('\n').slice(0, -1)
    const { store, banner } = await openStore({ file, worker: storeWorker })
    await using _ = store
    expect(banner).toBeNull()
    const sqlite = connect(file)
    const stored = new Map(
      sqlite.prepare('select id, status from agent_tasks').raw().all() as [id: string, status: string][],
    )
    expect(acknowledged.filter((id) => stored.get(id) !== 'running')).toEqual([])
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
    sqlite.close()
    expect(await store.tasks.count()).toBe(stored.size)
  }
  expect(acknowledged.length).toBeGreaterThan(kills)
})
