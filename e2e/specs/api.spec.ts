import { execFileSync } from 'node:child_process'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test('an operation is looked up, tried, and called by the command that stands there @browser @posix', async ({
  app,
  person,
}) => {
  const { page } = app
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Settings')
  await page.getByRole('button', { name: 'Open the reference' }).click()
  const operations = page.getByRole('navigation', { name: 'Operations' })
  await page.getByRole('searchbox', { name: 'Find an operation' }).fill('post /tasks')
  await operations.getByRole('link', { name: /\/tasks$/ }).click()
  await expect(page.getByRole('heading', { name: '/api/v1/tasks' })).toBeVisible()

  const sent = page.getByRole('textbox', { name: 'What is sent' })
  await sent.fill('{"agent": "everything", "action": "nothing-of-that-name"}')
  await page.getByRole('button', { name: 'Send for real' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'unknown_tool' })).toBeVisible()
  await sent.fill('{"agent": "everything", "action": "echo", "parameters": {"message": "from the reference"}}')
  await page.getByRole('button', { name: 'Send for real' }).click()
  await expect(page.getByRole('region', { name: 'Answer', exact: true })).toContainText('queued')

  const command = (await page.locator('pre').filter({ hasText: 'curl' }).textContent())!
  const answer = JSON.parse(execFileSync('bash', ['-c', command], { env: person.env, encoding: 'utf8' }))
  expect(answer).toEqual({ task_id: expect.any(String), status: 'queued' })
  await app.goTo('Tasks')
  await expect(app.tasks.rows('echo')).toHaveCount(2)
})
