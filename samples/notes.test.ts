import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Note, NoteBook } from './note-book.ts'
import { type RunningSample, runSample } from './sample-client.ts'

let folder: string
let sample: RunningSample

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'signalbox-notes-')), 'made', 'later')
  sample = await runSample('notes.ts', { SAMPLE_NOTES_DIR: folder })
})

afterEach(async () => {
  await sample[Symbol.asyncDispose]()
  rmSync(join(folder, '..', '..'), { recursive: true, force: true })
})

const call = (name: string, args: Record<string, unknown> = {}) => sample.client.callTool({ name, arguments: args })

async function add(title: string, more: Partial<Note> = {}): Promise<Note> {
  const { structuredContent } = await call('add_note', { title, ...more })
  return (structuredContent as { note: Note }).note
}

async function titles(tool: string, args: Record<string, unknown> = {}): Promise<string[]> {
  const { structuredContent } = await call(tool, args)
  return (structuredContent as { notes: Note[] }).notes.map(({ title }) => title)
}

it('keeps notes, finds them by words and tags, and deletes them', async () => {
  const milk = await add('Buy milk', { text: 'Two litres', tags: ['home'] })
  await add('Ring the bell', { text: 'At the HOME of Ada' })
  expect(await titles('list_notes')).toEqual(['Buy milk', 'Ring the bell'])
  expect(await titles('list_notes', { tag: 'home' })).toEqual(['Buy milk'])
  expect(await titles('search_notes', { query: 'ada home' })).toEqual(['Ring the bell'])

  expect((await call('delete_note', { id: milk.id })).isError).toBeFalsy()
  expect((await call('delete_note', { id: milk.id })).isError).toBe(true)
  const kept = JSON.parse(readFileSync(join(folder, 'notes.json'), 'utf8')) as Note[]
  expect(kept.map(({ title }) => title)).toEqual(['Ring the bell'])
})

it('lists its notes as resources, tells when they change, and puts them into a prompt', async () => {
  const { promise: changed, resolve } = Promise.withResolvers<void>()
  sample.client.fallbackNotificationHandler = async ({ method }) => {
    if (method === 'notifications/resources/list_changed') resolve()
  }
  const note = await add('Buy milk', { text: 'Two litres', tags: ['home'] })
  await changed
  const uri = `note:///${note.id}`
  const { resources } = await sample.client.listResources()
  expect(resources).toEqual([
    { uri, name: note.id, title: 'Buy milk', mimeType: 'text/markdown', description: 'One note as Markdown' },
  ])
  const { contents } = await sample.client.readResource({ uri })
  expect(contents).toEqual([{ uri, mimeType: 'text/markdown', text: '# Buy milk\n\nTwo litres\n\n#home' }])
  await expect(sample.client.readResource({ uri: 'note:///none' })).rejects.toThrow()
  const { messages } = await sample.client.getPrompt({ name: 'summarise_notes', arguments: { tag: 'home' } })
  expect(messages[0]?.content).toMatchObject({ text: expect.stringContaining('Two litres') })
})

it('says of each tool whether it only reads, and logs to stderr', async () => {
  const { tools } = await sample.client.listTools()
  expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.destructiveHint])).toEqual(
    [
      ['add_note', false, false],
      ['list_notes', true, undefined],
      ['search_notes', true, undefined],
      ['delete_note', false, true],
    ],
  )
  await call('list_notes')
  await sample.logged('INFO list_notes took')
  expect(sample.stderr()).toContain(`INFO sample-notes keeps its notes in ${folder}`)
})

it('loses no note when many are added at once', async () => {
  const book = new NoteBook(folder)
  const names = Array.from({ length: 20 }, (_, index) => `note ${index}`)
  await Promise.all(names.map((title) => book.add({ title, text: '', tags: [] })))
  expect((await book.list()).map(({ title }) => title)).toEqual(names)
})
