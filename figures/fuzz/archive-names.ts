import assert from 'node:assert/strict'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { addPart, makeArchive } from '../../engine/backup/archive.ts'
import { restoreBackup } from '../../engine/backup/restore-backup.ts'
import { connect } from '../../engine/store/sqlite.ts'
import { AppError } from '../../shared/app-error.ts'
import type { Property } from './property.ts'

const planted = 'what a stranger put into a backup'
const before = 'what was there before'

const piece = fc.oneof(
  fc.constantFrom('..', '.', '/', '\\', '\0', '\n', ' ', '//', 'C:', '~', '%2e', '\u2025', '\uff0e', ':', '*'),
  fc.constantFrom('home', 'outside', 'link', 'secret.txt', 'token', 'vault', 'results', 'restoring-', 'MCP.JSON'),
  fc.constantFrom('mcp.json', 'signalbox.db', 'logs.db', 'journal', '0000000000000001', '.journal'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const name = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.constantFrom('mcp.json', 'signalbox.db', 'journal/0000000000000001.journal'),
)

/** Of a backup, which is a file that anybody may have made: the one archive that is taken in. */
export const archiveNames: Property = {
  name: 'backups: any name in one leads into the home or is refused, on the real file system',
  share: 0.5,
  run(runs, watch) {
    const root = mkdtempSync(join(tmpdir(), 'signalbox-fuzz-'))
    try {
      mkdirSync(join(root, 'outside'))
      writeFileSync(join(root, 'outside', 'secret.txt'), before)
      writeFileSync(join(root, 'secret.txt'), before)
      fc.assert(
        fc.property(name, (part) => {
          const home = newHome(root)
          const file = backupWith(root, part)
          const around = outsideOf(root)
          const taken = watch.input(() => isTaken(file, home))
          assert.deepEqual(outsideOf(root), around, 'something around the home has changed')
          assert.equal(readFileSync(join(home, 'token'), 'utf8'), before, 'the token is another one')
          if (taken) assert.equal(readFileSync(join(home, part), 'utf8'), planted)
        }),
        runs,
      )
    } finally {
      rmSync(root, { recursive: true })
    }
  },
}

/** False where it is refused in words; what else is thrown is a violation. */
function isTaken(file: string, home: string): boolean {
  try {
    restoreBackup(file, home, new Date())
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

/** A home that knows a way out. */
function newHome(root: string): string {
  const home = join(root, 'home')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home)
  writeFileSync(join(home, 'token'), before)
  symlinkSync(join(root, 'outside'), join(home, 'link'))
  return home
}

function backupWith(root: string, part: string): string {
  const [file, content] = [join(root, 'backup'), join(root, 'content')]
  rmSync(file, { force: true })
  writeFileSync(content, planted)
  const archive = connect(file)
  try {
    archive.pragma('journal_mode = off')
    makeArchive(archive)
    addPart(archive, part, content)
    archive.prepare('insert into facts values (?, ?)').run('made_at', new Date().toISOString())
  } finally {
    archive.close()
  }
  return file
}

/** Every file beside the home, with what is in it. */
function outsideOf(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((at) => !/^home(\/|$)/.test(at))
  return Object.fromEntries(
    names.map((at) => [at, statSync(join(root, at)).isFile() ? readFileSync(join(root, at), 'base64') : '']),
  )
}
