import assert from 'node:assert/strict'
import { chmod, chown, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownerToken } from '../../engine/api/token-file.ts'
import { openLogStore, openStore } from '../../engine/store/open-store.ts'
import { newTask, serverId, storeWorker } from '../../engine/store/test-store.ts'
import type { TaskId } from '../../shared/ids.ts'
import type { Figure } from '../figure.ts'
import { runMounted } from './mounted.ts'

const program = fileURLToPath(new URL('./read-only-program.ts', import.meta.url))
const mounted = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; exec "$2" "$3" "$1" "$4"'
/** As somebody who owns the home and has taken the right to write from the folder and all that is in it. */
const unprivileged = 'exec setpriv --reuid "$5" --regid "$5" --clear-groups "$2" "$3" "$1" "$4"'
const nobody = 65_534

/** A home that cannot be written is shown and nothing in it changes: on such a disk, and by its permissions. */
export async function readOnlyHome(figure: Figure): Promise<void> {
  const name = 'home that cannot be written'
  const home = await mkdtemp(join(tmpdir(), 'signalbox-read-only-'))
  const own = `${home}-own`
  try {
    const id = await fill(home)
    await cp(home, own, { recursive: true })
    await forbidWriting(own)
    const args = [process.execPath, program, id]
    const runs = [runMounted(mounted, [home, ...args]), runMounted(unprivileged, [own, ...args, String(nobody)])]
    const reason = runs.map((run) => ('reason' in run ? run.reason : null)).find((text) => text !== null)
    if (reason !== undefined) figure.notRun(name, reason ?? '')
    else {
      await figure.check(name, () => {
        for (const run of runs) if ('status' in run) assert.equal(run.status, 0, run.output)
      })
    }
  } finally {
    for (const folder of [home, own]) await rm(folder, { recursive: true, force: true })
  }
}

/** One task on record, and a server that was on. */
async function fill(home: string): Promise<TaskId> {
  const row = newTask()
  const { store } = await openStore({ file: join(home, 'signalbox.db'), worker: storeWorker })
  await using _ = store
  await store.tasks.insert(row, [])
  await store.servers.setWish(serverId('wanted'), true)
  const { store: logs } = await openLogStore({ file: join(home, 'logs.db'), worker: storeWorker })
  await logs[Symbol.asyncDispose]()
  await ownerToken(home)
  const entry = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { wanted: entry } }))
  return row.task_id
}

async function forbidWriting(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    await chown(path, nobody, nobody)
    await chmod(path, entry.isDirectory() ? 0o500 : entry.name === 'token' ? 0o600 : 0o400)
  }
  await chown(folder, nobody, nobody)
  await chmod(folder, 0o500)
}
