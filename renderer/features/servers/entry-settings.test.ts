import { expect, test } from 'vitest'
import { settingsIn, withSettings } from './entry-settings.ts'

test('a setting is changed beside the others, and nothing else of the entry', () => {
  const entry = { command: 'node', signalbox: { era: 'legacy' } }
  expect(withSettings(entry, { on_demand: true })).toEqual({
    command: 'node',
    signalbox: { era: 'legacy', on_demand: true },
  })
  expect(withSettings(entry, { era: undefined, idle_stop_s: 60 })).toEqual({
    command: 'node',
    signalbox: { idle_stop_s: 60 },
  })
})

test('the member is gone with its last setting, and one that is no object counts as none', () => {
  expect(withSettings({ command: 'node', signalbox: { on_demand: true } }, { on_demand: undefined })).toEqual({
    command: 'node',
  })
  expect(settingsIn({ command: 'node', signalbox: ['era'] })).toEqual({})
})
