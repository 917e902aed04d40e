// The store's worker thread, which ends the whole program as SIGKILL does, at a moment that its environment names.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import SqliteDatabase from 'better-sqlite3'
import { die, moment, turns } from './kill9-moment.ts'

const { name, nth } = moment()
const stallMs = 400

function before(when: (text: string) => boolean, act: () => void): void {
  const run = SqliteDatabase.prototype.exec
  const isTurn = turns(nth)
  SqliteDatabase.prototype.exec = function (text) {
    if (when(text) && isTurn()) act()
    return run.call(this, text)
  }
}

function after(when: (text: string) => boolean): void {
  const run = SqliteDatabase.prototype.exec
  const isTurn = turns(nth)
  SqliteDatabase.prototype.exec = function (text) {
    const result = run.call(this, text)
    if (when(text) && isTurn()) die()
    return result
  }
}

switch (name) {
  case 'batch before its commit':
    before((text) => text === 'commit', die)
    break
  case 'batch after its commit':
    after((text) => text === 'commit')
    break
  case 'long journal':
    // The tables stand still while the journal grows.
    before(
      (text) => text === 'begin immediate',
      () => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs)
        die()
      },
    )
    break
  case 'replay before its commit':
    before((text) => text === 'savepoint records', die)
    break
  case 'replay within':
    after((text) => text === 'release records')
    break
  case 'replay after its commit': {
    const remove = fs.rmSync
    fs.rmSync = (path, options) => {
      if (String(path).endsWith('.journal')) die()
      remove(path, options)
    }
    syncBuiltinESMExports()
    break
  }
  case 'checkpoint':
    // As often as can be, so that a kill at random meets one.
    after((text) => {
      if (text === 'commit') checkpoint()
      return false
    })
    break
}

function checkpoint(): void {
  const { file } = workerFile()
  const sqlite = new SqliteDatabase(file)
  sqlite.pragma('wal_checkpoint(truncate)')
  sqlite.close()
}

function workerFile(): { file: string } {
  return { file: process.env.KILL9_FILE! }
}

await import('../engine/store/store-worker.ts')
