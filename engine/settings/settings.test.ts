import { readdir } from 'node:fs/promises'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { defaultSettings } from '../../shared/settings.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })

test('a setting is in force and pushed at once, and is still there after a restart', async () => {
  await using host = await temporaryHost()
  {
    await using engine = await createEngine(host)
    const api = client(engine)
    expect(engine.hub.snapshot.settings).toEqual({ settings: defaultSettings, can_start_on_login: false })
    const changed = await api.settings.set({ tasks_survive_power_cut: true, retention_log_days: 7 })
    expect(changed.settings).toEqual({ ...defaultSettings, tasks_survive_power_cut: true, retention_log_days: 7 })
    expect(engine.hub.snapshot.settings).toEqual(changed)
  }
  await using engine = await createEngine(host)
  const { settings, held } = await client(engine).settings.get()
  expect(settings).toEqual({ ...defaultSettings, tasks_survive_power_cut: true, retention_log_days: 7 })
  expect(held).toEqual({
    tasks: { count: 0, oldest_at: null, bytes: expect.any(Number) },
    logs: { count: 0, oldest_at: null, bytes: expect.any(Number) },
  })
})

test.each([
  { retention_task_days: 0 },
  { retention_log_bytes: 1.5 },
  { tasks_survive_power_cut: 'yes' },
  { install: 'x' },
])('refuses %o and changes nothing', async (input) => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const api = client(engine)
  await expect(api.settings.set(input as object)).rejects.toThrow()
  expect((await api.settings.get()).settings).toEqual(defaultSettings)
})

test('starting on login is offered only where the host can, and is what the system says', async () => {
  await using plain = await temporaryHost()
  {
    await using engine = await createEngine(plain)
    await expect(client(engine).settings.set({ start_on_login: true })).rejects.toMatchObject({ code: 'no_login_item' })
  }
  let isSet = false
  const loginItem = {
    isSet: async () => isSet,
    set: async (on: boolean) => {
      isSet = on
    },
  }
  await using engine = await createEngine({ ...plain, loginItem })
  expect(engine.hub.snapshot.settings.can_start_on_login).toBe(true)
  expect((await client(engine).settings.set({ start_on_login: true })).settings.start_on_login).toBe(true)
  expect(isSet).toBe(true)
})

test('measures the price of a power cut in the home folder, and leaves nothing there', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const before = await readdir(host.home)
  const { call_ms, other_ms, calls } = await client(engine).settings.measurePowerCutPrice()
  expect(calls).toBeGreaterThan(0)
  expect(Math.min(call_ms, other_ms)).toBeGreaterThanOrEqual(0)
  expect(await readdir(host.home)).toEqual(before)
})
