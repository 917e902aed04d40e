import { expect, test } from 'vitest'
import { stateNames } from '../../../shared/server.ts'
import { fixtureServers } from '../../dev/fixture-servers.ts'
import { nextSteps, serverPaletteActions } from './server-actions.ts'

test('every state has a sentence and one to four things to do', () => {
  const failure = { code: 'x', message: 'It broke', hint: 'Mend it.' }
  const [model] = fixtureServers()
  for (const state of stateNames) {
    const detail = {
      state,
      failure,
      step: 'spawn',
      rung: 'stdin',
      until: model!.since,
      attempt: 2,
      exits: 5,
      names: [],
    }
    const { sentence, actions } = nextSteps({ ...model!, state, detail: detail as never })
    expect(sentence, state).toMatch(/\.$/)
    expect(actions.length, state).toBeGreaterThan(0)
    expect(actions.length, state).toBeLessThanOrEqual(4)
    expect(new Set(actions).size, state).toBe(actions.length)
  }
})

test('the palette never offers to start what runs, nor to stop what is off', () => {
  const ids = serverPaletteActions(fixtureServers()).map((action) => action.id)
  expect(ids).toContain('server:restart:filesystem')
  expect(ids).not.toContain('server:start:filesystem')
  expect(ids).toContain('server:start:time')
  expect(ids).not.toContain('server:stop:time')
})
