import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/app-error.ts'
import { timeSchema } from '../../../shared/common.ts'
import { type ConnectTarget, connectModeSchema, connectScopeSchema } from '../../../shared/connect-contract.ts'
import { programIdSchema } from '../../../shared/import.ts'
import { readText, replaceFile } from '../../config/replace-file.ts'

const hashSchema = z.string().length(64)

const connectionSchema = z.object({
  program: programIdSchema,
  scope: connectScopeSchema,
  folder: z.string().nullable(),
  path: z.string(),
  /** To our entry, its name included. */
  key: z.array(z.string()),
  mode: connectModeSchema,
  at: timeSchema,
  /** Null when the file was made by us. */
  before_hash: hashSchema.nullable(),
  after_hash: hashSchema,
  /** Of our entry alone. */
  entry_hash: hashSchema,
  /** Name of the file with the old bytes, and of the one with those that we wrote. */
  backup: z.string().nullable(),
  written: z.string(),
  /** Folders made for the file, outermost first. */
  made_folders: z.array(z.string()),
  /** Names of entries that we took out. */
  moved: z.array(z.string()),
  /** Whether we added to the list of inputs. */
  has_input: z.boolean(),
  /** Told before the file is written and not yet after: then the file says whether it was. */
  is_pending: z.boolean(),
})
export type Connection = z.infer<typeof connectionSchema>

const keptSchema = z.object({ file: z.string(), of: z.string(), at: timeSchema, bytes: z.int() })
export type KeptBytes = z.infer<typeof keptSchema>

const bookSchema = z.object({
  version: z.literal(1),
  connections: z.array(connectionSchema),
  backups: z.array(keptSchema),
})
type Book = z.infer<typeof bookSchema>

/**
 * What we wrote into other programs' files, in `<home>/connections.json`: a file and no table, because taking a
 * connection back must work while the store is set aside, read-only or made anew, just as the backups that it names.
 */
export class ConnectionBook {
  readonly #path: string

  constructor(home: string) {
    this.#path = join(home, 'connections.json')
  }

  async all(): Promise<Connection[]> {
    return (await this.#read()).connections
  }

  async backups(): Promise<KeptBytes[]> {
    return (await this.#read()).backups
  }

  /** In the place of the one for the same target. */
  async put(connection: Connection, kept: KeptBytes | null = null): Promise<void> {
    await this.#change((book) => ({
      ...book,
      connections: [...book.connections.filter((one) => !isSameTarget(one, connection)), connection],
      backups: withKept(book.backups, kept),
    }))
  }

  async drop(target: ConnectTarget, kept: KeptBytes | null = null): Promise<void> {
    await this.#change((book) => ({
      ...book,
      connections: book.connections.filter((one) => !isSameTarget(one, target)),
      backups: withKept(book.backups, kept),
    }))
  }

  async #read(): Promise<Book> {
    return this.#parse(await readText(this.#path))
  }

  async #change(change: (book: Book) => Book): Promise<void> {
    await replaceFile(this.#path, (text) => `${JSON.stringify(change(this.#parse(text)), null, 2)}\n`)
  }

  #parse(text: string | null): Book {
    if (text === null) return { version: 1, connections: [], backups: [] }
    try {
      return bookSchema.parse(JSON.parse(text))
    } catch (cause) {
      throw new AppError('connections_broken', `${this.#path} cannot be read.`, {
        hint: 'Move it away: connections are then found anew in the files, and can be taken out but not undone exactly.',
        status: 500,
        cause,
      })
    }
  }
}

export function isSameTarget(one: ConnectTarget, other: ConnectTarget): boolean {
  return one.program === other.program && one.scope === other.scope && one.folder === other.folder
}

function withKept(backups: readonly KeptBytes[], kept: KeptBytes | null): KeptBytes[] {
  return kept === null ? [...backups] : [...backups.filter(({ file }) => file !== kept.file), kept]
}
