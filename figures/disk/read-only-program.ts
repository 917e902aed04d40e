// Opens the store, and then all of Signalbox, of a home that cannot be written: what is there can be read, what is new is
// refused, nothing starts, and it is told.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openProgram } from '../../engine/api/open-program.ts'
import { openStore } from '../../engine/store/open-store.ts'
import { newTask, storeWorker } from '../../engine/store/test-store.ts'
import { temporaryHost } from '../../engine/test-host.ts'
import type { TaskId } from '../../shared/ids.ts'

const [home, id] = process.argv.slice(2) as [string, TaskId]
const before = readdirSync(home)
await storeAlone()
await wholeProgram()
assert.deepEqual(readdirSync(home), before)

async function storeAlone(): Promise<void> {
  const { store, banner } = await openStore({ file: join(home, 'signalbox.db'), worker: storeWorker })
  await using _ = store
  assert.equal(banner?.code, 'home_read_only')
  assert.equal((await store.tasks.get(id))?.task_id, id)
  await assert.rejects(store.tasks.insert(newTask(), []), { code: 'store_read_only' })
}

async function wholeProgram(): Promise<void> {
  await using host = await temporaryHost({ home })
  const opened = await openProgram({ host, port: 0, pageDir: null })
  assert.equal(opened.kind, 'running')
  await using program = opened.program
  const { url, token } = program.face
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    return { status: response.status, body: await response.json() }
  }
  const { body: snapshot } = await ask('GET', '/snapshot')
  assert.equal(snapshot.banner.code, 'home_read_only')
  assert.deepEqual(
    snapshot.servers.map(({ id, wished, state }: { id: string; wished: boolean; state: string }) => [
      id,
      wished,
      state,
    ]),
    [['wanted', true, 'stopped']],
  )
  assert.equal((await ask('GET', `/tasks/${id}`)).body.task_id, id)
  assert.deepEqual((await ask('GET', '/logs')).body.items, [])
  const refused = [
    await ask('POST', '/servers/wanted/start'),
    await ask('POST', '/tasks', { agent: 'wanted', action: 'echo' }),
    await ask('PUT', '/servers/wanted/config', { entry: { command: 'node' } }),
    await ask('PATCH', '/settings', { retention_log_days: 1 }),
    await ask('PUT', '/limits', { limits: [] }),
    await ask('POST', '/clients', { name: 'script' }),
  ]
  assert.deepEqual(
    refused.map(({ status, body }) => [status, body.code]),
    refused.map(() => [409, 'home_read_only']),
  )
}
