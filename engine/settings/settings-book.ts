import { AppError } from '../../shared/app-error.ts'
import {
  defaultSettings,
  type SettingKey,
  type Settings,
  type SettingsState,
  settingsSchema,
} from '../../shared/settings.ts'
import type { LoginItem } from '../host.ts'
import type { SettingsRepo } from '../store/store.ts'

interface Parts {
  repo: SettingsRepo
  /** Null where nothing starts programs at login. */
  loginItem: LoginItem | null
}

/** The settings of the whole program. A value in the store that is none of a setting's counts as never set. */
export class SettingsBook {
  readonly #parts: Parts
  #settings: Settings
  onChange: (state: SettingsState) => void = () => {}

  private constructor(parts: Parts, settings: Settings) {
    this.#parts = parts
    this.#settings = settings
  }

  static async open(parts: Parts): Promise<SettingsBook> {
    const { start_on_login: _, ...stored } = settingsSchema.shape
    const settings: Settings = { ...defaultSettings }
    for (const key of Object.keys(stored) as (keyof typeof stored)[]) {
      const read = stored[key].safeParse(await parts.repo.get(key))
      if (read.success) Object.assign(settings, { [key]: read.data })
    }
    settings.start_on_login = (await parts.loginItem?.isSet()) ?? false
    return new SettingsBook(parts, settings)
  }

  get state(): SettingsState {
    return { settings: this.#settings, can_start_on_login: this.#parts.loginItem !== null }
  }

  /** In force, and on the disk itself, once it resolves. @throws AppError `no_login_item` (409). */
  async change(changes: { [key in SettingKey]?: Settings[key] | undefined }): Promise<SettingsState> {
    const { start_on_login, ...stored } = changes
    if (start_on_login !== undefined) await this.#startOnLogin(start_on_login)
    for (const [key, value] of Object.entries(stored)) {
      if (value === undefined) continue
      await this.#parts.repo.set(key, value)
      this.#put({ [key]: value })
    }
    return this.state
  }

  async #startOnLogin(on: boolean): Promise<void> {
    const { loginItem } = this.#parts
    if (loginItem === null) {
      throw new AppError('no_login_item', 'Nothing here starts Signalbox at login.', {
        hint: 'Use the desktop app, or have the system run "signalbox serve --no-open" as a service.',
        status: 409,
      })
    }
    await loginItem.set(on)
    this.#put({ start_on_login: await loginItem.isSet() })
  }

  #put(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change }
    this.onChange(this.state)
  }
}
