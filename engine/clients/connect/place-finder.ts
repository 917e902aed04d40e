import { join } from 'node:path'
import { AppError } from '../../../shared/app-error.ts'
import type { ConnectTarget } from '../../../shared/connect-contract.ts'
import type { Host } from '../../host.ts'
import { gatewayPortAt } from '../own-gateway.ts'
import { type KnownProgram, pathOf } from '../programs.ts'
import type { ClientDisk } from './client-disk.ts'
import { knownProgram, type PlacePlan, projectPlaces, signOf, userPlaces } from './connect-places.ts'
import { type Connection, isSameTarget } from './connection-book.ts'
import { valueAt } from './edit-text.ts'
import { type PlaceReading, type ReadingContext, readPlace } from './place-reading.ts'
import { commandsOf, type PlaceFacts } from './place-state.ts'

type FinderHost = Pick<Host, 'home' | 'userHome' | 'platform' | 'env'>

/** Where other programs' files are on this machine, and what stands in them. Reads only. */
export class PlaceFinder {
  readonly #host: FinderHost
  readonly #disk: ClientDisk
  readonly #url: () => string | null

  constructor(host: FinderHost, disk: ClientDisk, url: () => string | null) {
    this.#host = host
    this.#disk = disk
    this.#url = url
  }

  /** A program's places for this person, each profile that is there among them. */
  async ownPlaces(program: KnownProgram): Promise<PlacePlan[]> {
    return (await Promise.all(userPlaces(program, this.#host).map((place) => this.#unfold(place)))).flat()
  }

  /** @throws AppError `unknown_place` (404), `bad_folder` (422). */
  async find(target: ConnectTarget): Promise<PlacePlan> {
    const program = knownProgram(target.program)
    const isOfProject = target.scope === 'project' || target.scope === 'copilot_project' || target.scope === 'local'
    if (isOfProject && target.folder !== null) this.refuseFolder(target.folder)
    const places = isOfProject
      ? target.folder === null
        ? []
        : projectPlaces(program, this.#host, target.folder)
      : await this.ownPlaces(program)
    const place = places.find(({ scope, folder }) => scope === target.scope && folder === target.folder)
    if (place === undefined) {
      throw new AppError('unknown_place', `${program.name} reads no such file here.`, {
        status: 404,
        hint: 'See GET /api/v1/connect/programs for those that it reads.',
      })
    }
    return place
  }

  /** What is true of a place now, and what of it we wrote. */
  async facts(place: PlacePlan, connections: readonly Connection[]): Promise<PlaceFacts> {
    const { path, isThere } = await this.#choose(place)
    const target = { program: place.program.id, scope: place.scope, folder: place.folder }
    const found = connections.find((one) => isSameTarget(one, target)) ?? null
    const reading = await this.reading(place, path)
    const hash = reading.kind === 'absent' ? null : reading.hash
    // What was told before the file was written, and never came to it, is not ours.
    const record = found?.is_pending && found.path === path && found.after_hash !== hash ? null : found
    const entry = reading.kind === 'read' && record !== null ? valueAt(reading.value, record.key) : undefined
    const commands = commandsOf(entry)
    const isThereStill = await Promise.all(commands.map((command) => this.#disk.exists(command)))
    return {
      place,
      path,
      isThere,
      reading,
      record,
      goneCommands: commands.filter((_, index) => !isThereStill[index]),
      backupPath: record?.backup ? backupPath(this.#host.home, record.backup) : null,
    }
  }

  async reading(place: PlacePlan, path: string): Promise<PlaceReading> {
    return readPlace(await this.#disk.read(path), place, this.context())
  }

  context(): ReadingContext {
    const { userHome, platform, env } = this.#host
    const url = this.#url()
    return { userHome, platform, env, gatewayPort: gatewayPortAt(url) }
  }

  /** A relative folder means nothing here, and a share would be told the person's name. */
  refuseFolder(folder: string): void {
    if (pathOf(this.#host.platform).isAbsolute(folder) && !/^[\\/]{2}/.test(folder)) return
    throw new AppError('bad_folder', `${folder} is not an absolute folder of this machine.`, {
      status: 422,
      hint: 'Give the whole path of the project.',
    })
  }

  /** A place for each profile that is there; other places stand for themselves. */
  async #unfold(place: PlacePlan): Promise<PlacePlan[]> {
    if (place.scope !== 'profile') return [place]
    const { dirname } = pathOf(this.#host.platform)
    const found = await Promise.all(place.paths.map((path) => this.#disk.expand(path)))
    return found.flat().map((path) => ({ ...place, folder: dirname(path), paths: [path] }))
  }

  /** The file that the program reads; without one, where it would look, the place with a sign of it before the others. */
  async #choose(place: PlacePlan): Promise<{ path: string; isThere: boolean }> {
    const paths = (await Promise.all(place.paths.map((path) => this.#disk.expand(path)))).flat()
    for (const path of paths) if (await this.#disk.exists(path)) return { path, isThere: true }
    for (const path of paths) {
      const sign =
        place.scope === 'project' || place.scope === 'copilot_project' ? place.folder! : signOf(place, path, this.#host)
      if (await this.#disk.exists(sign)) return { path, isThere: true }
    }
    return { path: paths[0] ?? place.paths.at(-1)!, isThere: false }
  }
}

/** Where the bytes of a name are kept. */
export function backupPath(home: string, name: string): string {
  return join(home, 'backups', 'clients', name)
}
