import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const noteSchema = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  tags: z.array(z.string()),
  created_at: z.string(),
})
export type Note = z.infer<typeof noteSchema>

/** Notes in one JSON file of a folder, oldest first. */
export class NoteBook {
  readonly #file: string
  readonly #folder: string
  /** Changes run one after another, so that none is lost. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string) {
    this.#folder = folder
    this.#file = join(folder, 'notes.json')
  }

  async list(tag?: string): Promise<Note[]> {
    const notes = await this.#read()
    return tag === undefined ? notes : notes.filter((note) => note.tags.includes(tag))
  }

  async find(id: string): Promise<Note | null> {
    return (await this.#read()).find((note) => note.id === id) ?? null
  }

  /** Notes that hold all words of the query, in any case, in title, text or tags. */
  async search(query: string): Promise<Note[]> {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const textOf = ({ title, text, tags }: Note) => [title, text, ...tags].join('\n').toLowerCase()
    return (await this.#read()).filter((note) => words.every((word) => textOf(note).includes(word)))
  }

  add(note: Pick<Note, 'title' | 'text' | 'tags'>): Promise<Note> {
    return this.#change((notes) => {
      const added = { id: randomUUID().slice(0, 8), ...note, created_at: new Date().toISOString() }
      return { notes: [...notes, added], answer: added }
    })
  }

  /** Whether there was such a note. */
  remove(id: string): Promise<boolean> {
    return this.#change((notes) => {
      const kept = notes.filter((note) => note.id !== id)
      return { notes: kept, answer: kept.length < notes.length }
    })
  }

  #change<T>(change: (notes: Note[]) => { notes: Note[]; answer: T }): Promise<T> {
    const result = this.#turn.then(async () => {
      const { notes, answer } = change(await this.#read())
      await mkdir(this.#folder, { recursive: true })
      const temporary = `${this.#file}.${process.pid}.tmp`
      await writeFile(temporary, `${JSON.stringify(notes, null, 2)}\n`)
      await rename(temporary, this.#file)
      return answer
    })
    // The caller gets the failure; the next change must not.
    this.#turn = result.catch(() => {})
    return result
  }

  async #read(): Promise<Note[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]'
      throw error
    })
    return z.array(noteSchema).parse(JSON.parse(text))
  }
}
