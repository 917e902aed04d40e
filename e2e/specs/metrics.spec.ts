import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test('calls show in the charts and the table as they end, and a tool that is chosen stands alone', async ({ app }) => {
  await app.goTo('Metrics')
  await expect(app.page.getByText('No call in the last hour')).toBeVisible()
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Runner')
  await app.runner.run('everything', 'echo', { message: 'hello' })
  await expect(app.runner.outcome).toHaveText('Completed')
  await app.goTo('Metrics')
  const calls = app.metrics.panel('Calls')
  await expect(calls).toContainText('1 call, 0 failed')
  await expect(calls.getByRole('img', { name: /^Calls: All/ })).toBeVisible()
  await expect(app.metrics.row('echo')).toContainText('1')
  await app.metrics.row('echo').click()
  await expect(app.page.getByText('echo of everything, last hour')).toBeVisible()
  await app.metrics.showAs('Numbers')
  await expect(calls.getByRole('table', { name: 'Calls' }).getByRole('row')).toHaveCount(61)
})

test('the endpoint for Prometheus answers once it is on, to a token that opens nothing else', async ({
  app,
  signalbox,
}) => {
  await app.goTo('Metrics')
  const panel = app.metrics.panel('Prometheus')
  await panel.getByRole('button', { name: 'On' }).click()
  await panel.getByRole('button', { name: 'Make a token' }).click()
  const token = await panel.getByRole('status').locator('code').textContent()
  const { url } = (await signalbox.face.api('/snapshot')) as { url: string }
  const status = async (path: string): Promise<number> => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
    return response.status
  }
  await expect.poll(() => status('/metrics')).toBe(200)
  expect(await status('/api/v1/snapshot')).toBe(403)
  await panel.getByRole('button', { name: 'End it' }).click()
  await expect.poll(() => status('/metrics')).toBe(401)
})
