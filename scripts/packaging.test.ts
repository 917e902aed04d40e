import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Validator } from '@cfworker/json-schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const config = parse(readFileSync('electron-builder.yml', 'utf8'))

it('electron-builder.yml keeps to the schema of electron-builder', () => {
  const schema = JSON.parse(readFileSync('node_modules/app-builder-lib/scheme.json', 'utf8'))
  const validator = new Validator(schema, '7')
  expect(validator.validate(config).errors).toEqual([])
  expect(validator.validate({ ...config, electronFuses: { runAsNode: 'off' } }).valid).toBe(false)
})

/** Electron's own mark in its binary, before the bytes that switch its fuses. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
]

// Packages the last build around a file that has Electron's fuses and nothing else of it, so no download is needed.
describe.runIf(existsSync('dist/node/desktop.mjs') && process.platform === 'linux')('a package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-package-'))
  const unpacked = join(folder, 'out', 'linux-unpacked')
  const resources = join(unpacked, 'resources')

  beforeAll(() => {
    const electron = join(folder, 'electron')
    mkdirSync(join(electron, 'resources'), { recursive: true })
    mkdirSync(join(electron, 'locales'))
    const fuses = [Buffer.from(fuseMark), Buffer.from([1, fuseNames.length]), Buffer.from('10110001')]
    writeFileSync(join(electron, 'electron'), Buffer.concat(fuses), { mode: 0o755 })
    const output = `-c.directories.output=${join(folder, 'out')}`
    const builder = 'node_modules/electron-builder/cli.js'
    execFileSync(process.execPath, [builder, '--dir', '--x64', `-c.electronDist=${electron}`, output], {
      stdio: 'pipe',
    })
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has in its archive what Electron loads, and one prebuilt SQLite', () => {
    const files = archivedFiles(join(resources, 'app.asar'))
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/node/desktop.mjs',
        '/dist/node/preload.cjs',
        '/dist/page/index.html',
      ]),
    )
    expect(files.filter((path) => path.endsWith('.node'))).toEqual([
      '/node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ])
    const known = /^\/(package\.json|dist\/|node_modules\/better-sqlite3\/(package\.json|lib\/|prebuilds\/))/
    expect(files.filter((path) => !known.test(path) || path.endsWith('.map'))).toEqual([])
  })

  it('has Node beside the archive, and all that Node runs', () => {
    const terminal = readdirSync(join(resources, 'terminal', 'dist', 'node'))
    expect(terminal).toEqual(
      expect.arrayContaining(['cli.mjs', 'store-worker.mjs', 'count-tokens.mjs', 'samples', 'templates']),
    )
    expect(terminal).not.toContain('desktop.mjs')
    const prebuilds = readdirSync(join(resources, 'terminal', 'node_modules', 'better-sqlite3', 'prebuilds'))
    expect(prebuilds).toEqual(['linux-x64.node'])
    const node = join(resources, 'node', 'node')
    const cli = join(resources, 'terminal', 'dist', 'node', 'cli.mjs')
    expect(execFileSync(node, [cli, '--help'], { encoding: 'utf8' })).toContain('signalbox')
    const open = `new (require('better-sqlite3'))(':memory:').pragma('journal_mode', { simple: true })`
    const answer = execFileSync(node, ['-p', open], { cwd: join(resources, 'terminal'), encoding: 'utf8' })
    expect(answer.trim()).toBe('memory')
  })

  it('has its fuses blown', () => {
    const binary = readFileSync(join(unpacked, 'signalbox')).toString('latin1')
    const wire = binary.slice(binary.indexOf(fuseMark) + fuseMark.length + 2)
    expect(Object.fromEntries(fuseNames.map((name, index) => [name, wire[index]]))).toEqual({
      runAsNode: '0',
      enableCookieEncryption: '1',
      enableNodeOptionsEnvironmentVariable: '0',
      enableNodeCliInspectArguments: '0',
      enableEmbeddedAsarIntegrityValidation: '1',
      onlyLoadAppFromAsar: '1',
      loadBrowserProcessSpecificV8Snapshot: '0',
      grantFileProtocolExtraPrivileges: '0',
    })
  })
})

interface ArchiveEntry {
  files?: Record<string, ArchiveEntry>
}

/** Paths of all files in an asar archive, from its header: four numbers, the last its length, then JSON. */
function archivedFiles(path: string): string[] {
  const archive = readFileSync(path)
  const header = archive.subarray(16, 16 + archive.readUInt32LE(12)).toString()
  const below = (folder: string, { files }: ArchiveEntry): string[] =>
    files === undefined ? [folder] : Object.entries(files).flatMap(([name, entry]) => below(`${folder}/${name}`, entry))
  return below('', JSON.parse(header) as ArchiveEntry)
}
