import { AppError } from '../../shared/app-error.ts'
import { defaultSettings, type SettingKey, type Settings, settingsSchema } from '../../shared/settings.ts'
import { withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

const keys = Object.keys(settingsSchema.shape) as SettingKey[]

export const settings: Command = {
  name: 'settings',
  usage: '[KEY [VALUE]]',
  summary: 'What is set, one setting, or a new value for it',
  options: {},
  takes: [0, 2],
  async run({ args, home, output }) {
    const [key, text] = args
    if (key !== undefined && !isKey(key))
      throw usage(`There is no setting "${key}". There are ${keys.join(', ')}.`, settings)
    const change = key === undefined || text === undefined ? null : changeOf(key, text)
    const answer = await withClient(home, (client) =>
      change === null ? client.settings.get() : client.settings.set(change),
    )
    const shown = key === undefined ? answer.settings : { [key]: answer.settings[key] }
    if (output.isJson) output.json(key === undefined ? answer : shown)
    else if (key !== undefined && text === undefined) output.line(String(answer.settings[key]))
    else
      output.table(
        ['SETTING', 'VALUE', 'MEANING'],
        Object.entries(shown).map(([name, value]) => rowOf(name, value)),
      )
    return exitCodes.done
  },
}

function isKey(text: string): text is SettingKey {
  return keys.includes(text as SettingKey)
}

function rowOf(name: string, value: unknown): string[] {
  return [name, String(value), settingsSchema.shape[name as SettingKey].description ?? '']
}

/** Separated by commas; an empty text empties the list. */
function listIn(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function simpleValue(text: string): boolean | number {
  if (text === 'true' || text === 'on') return true
  return text === 'false' || text === 'off' ? false : Number(text)
}

function valueIn(key: SettingKey, text: string): unknown {
  const before = defaultSettings[key]
  if (Array.isArray(before)) return listIn(text)
  return typeof before === 'string' ? text : simpleValue(text)
}

function changeOf(key: SettingKey, text: string): Partial<Settings> {
  const value = valueIn(key, text)
  const read = settingsSchema.shape[key].safeParse(value)
  if (read.success) return { [key]: read.data }
  throw new AppError('invalid_setting', `${key} cannot be "${text}": ${read.error.issues[0]?.message}.`, {
    hint: settingsSchema.shape[key].description ?? null,
  })
}
