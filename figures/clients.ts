import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ClientDisk } from '../engine/clients/connect/client-disk.ts'
import { Connections } from '../engine/clients/connect/connections.ts'
import { entryTextIn, valueAt } from '../engine/clients/connect/edit-text.ts'
import { programEntries } from '../engine/clients/connect/program-entries.ts'
import { decodeText, type TextSyntax } from '../engine/clients/decode-text.ts'
import { isOwnGateway } from '../engine/clients/own-gateway.ts'
import { knownPrograms, pathOf } from '../engine/clients/programs.ts'
import { scanClients } from '../engine/clients/scan-clients.ts'
import type { ConnectMode, ConnectRequest } from '../shared/connect-contract.ts'
import { allRows, machines, type Row } from './clients/places.ts'
import { serverNames, textFor, type Variant, variants } from './clients/texts.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { picked } from './picked.ts'

interface Trial {
  readonly row: Row
  readonly variant: Variant
  readonly mode: ConnectMode
}

const shortTrials = 40
const token = 'sbx_0123456789abcdef'

/**
 * Every file of every program on every system, as people have them: its servers are found, a connection adds our entry
 * and changes no other byte, and undo brings back every byte.
 */
export async function clients({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('clients')
  const all = allTrials()
  const trials = short ? picked(all, shortTrials, seed) : all
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    for (const [index, trial] of trials.entries()) {
      const { row, variant, mode } = trial
      await figure.check(`${row.program} ${row.scope} on ${row.system}, ${variant}, ${mode}: ${row.path}`, () =>
        runTrial(trial, join(folder, String(index))),
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const files = new Set(trials.map(({ row }) => `${row.system} ${row.path} ${row.key.join('.')}`))
  figure.note(`${files.size} files of ${new Set(trials.map(({ row }) => row.program)).size} programs on 3 systems`)
  figure.note('files of macOS and Windows lie in a folder of this machine, below their own paths')
  return figure
}

function allTrials(): Trial[] {
  return allRows().flatMap((row) =>
    variants.flatMap((variant) => modesOf(row).map((mode): Trial => ({ row, variant, mode }))),
  )
}

function modesOf({ program }: Row): ConnectMode[] {
  return programEntries[program].http === null ? ['stdio'] : ['stdio', 'http']
}

async function runTrial({ row, variant, mode }: Trial, folder: string): Promise<void> {
  const { home: userHome, project, env } = machines[row.system]
  const locate = (path: string) => join(folder, 'disk', path.replace(/^([A-Z]):/, '$1').replaceAll('\\', '/'))
  const program = knownPrograms.find(({ id }) => id === row.program)!
  const text = textFor(row, program.syntax, variant)
  const file = locate(row.path)
  await mkdir(locate(project), { recursive: true })
  await mkdir(dirname(file), { recursive: true })
  if (text !== null) await writeFile(file, text)
  const node = row.system === 'win32' ? 'C:\\Signalbox\\node.exe' : '/opt/Signalbox/node'
  const cli = row.system === 'win32' ? 'C:\\Signalbox\\cli.mjs' : '/opt/Signalbox/cli.mjs'
  for (const program of [node, cli]) {
    await mkdir(dirname(locate(program)), { recursive: true })
    await writeFile(locate(program), '')
  }
  const before = await listing(join(folder, 'disk'))

  const host = { home: join(folder, 'home'), userHome, platform: row.system, env, node, cli }
  await mkdir(host.home, { recursive: true })
  const disk = new ClientDisk(row.system, locate)
  const connections = new Connections({ host, served: () => [], url: () => 'http://127.0.0.1:7420', disk })
  const isOfProject = ['project', 'copilot_project', 'local'].includes(row.scope)
  const request: ConnectRequest = {
    program: row.program,
    scope: row.scope,
    folder: isOfProject ? project : row.scope === 'profile' ? pathOf(row.system).dirname(row.path) : null,
    mode,
    move: [],
    ...(mode === 'http' ? { token } : {}),
  }

  const scanOptions = { userHome, platform: row.system, env, existing: [], node, samples: folder, locate }
  const names = async () => {
    const { candidates } = await scanClients({ ...scanOptions, projectDirs: [project] })
    return [...new Set(candidates.filter(({ path }) => path === row.path).map(({ source_name }) => source_name))]
  }
  const expected = text === null || variant === 'no servers yet' ? [] : serverNames
  assert.deepEqual(await names(), expected, 'what the import finds')

  const preview = await connections.preview(request)
  assert.equal(preview.path, row.path)
  const { place } = await connections.write({
    ...request,
    before_hash: preview.before_hash,
    after_hash: preview.after_hash,
  })
  assert.deepEqual([place.state, place.undo, place.entry?.mode], ['connected', 'exact', mode])
  const after = await readFile(file, 'utf8')
  nothingElseChanged(text ?? '', after, program.syntax, place.key)
  leadsHere(row, after, place.key)
  assert.deepEqual(await names(), expected, 'what the import finds beside our entry')

  await connections.undo(request, 'exact')
  assert.deepEqual(await listing(join(folder, 'disk')), before, 'every file as it was')
}

/** Outside of our entry nothing is taken away, and no more is added than what joins it to the rest. */
function nothingElseChanged(before: string, after: string, syntax: TextSyntax, key: readonly string[]): void {
  const entry = entryTextIn(after, syntax, key)
  assert.ok(entry, 'our entry stands there')
  assert.equal(after.split(entry).length, 2, 'our entry stands there once')
  const rest = after.replace(entry, '')
  let kept = 0
  let added = ''
  for (const character of rest) {
    if (kept < before.length && before.startsWith(character, kept)) kept += character.length
    else added += character
  }
  assert.equal(kept, before.length, 'every character of before is still there, in its order')
  const isNewMap = !before.includes(key.at(-2)!) || key.length > 2
  const joining = isNewMap ? /^[\s,"{}:]*$/ : /^[\s,]*$/
  const words = isNewMap ? key.slice(0, -1).map((part) => JSON.stringify(part).slice(1, -1)) : []
  const bare = words.reduce((text, word) => text.replace(word, ''), added)
  assert.match(bare, joining, 'what joins our entry to the rest')
  if (before.includes('\r\n')) assert.doesNotMatch(after, /(?<!\r)\n/, 'every line ends as the others')
}

/** The program's own way to read its file finds our entry, and it is the way to the gateway. */
function leadsHere(row: Row, text: string, key: readonly string[]): void {
  const { syntax, format } = knownPrograms.find(({ id }) => id === row.program)!
  const decoded = decodeText(text, syntax)
  assert.equal(decoded.kind, 'value')
  const entries = decoded.kind === 'value' ? valueAt(decoded.value, row.key) : null
  const { home } = machines[row.system]
  const found = format({ [row.key.at(-1)!]: entries }, { userHome: home, platform: row.system, projectDir: null })
  const own = found.find(({ name }) => name === key.at(-1))
  assert.ok(own && own.problem === null && isOwnGateway(own.entry, 7420), JSON.stringify(own))
}

/** Every file below a folder with its bytes, and every folder. */
async function listing(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const listed = entries.map(async (entry): Promise<[string, string]> => {
    const path = join(entry.parentPath, entry.name)
    return [path, entry.isFile() ? await readFile(path, 'base64') : 'folder']
  })
  return (await Promise.all(listed)).sort()
}
