import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test('runs a tool and finds the call as a task with its timeline', async ({ app, person }) => {
  await app.goTo('Servers')
  await app.servers.start('filesystem')
  await app.goTo('Runner')
  await app.runner.run('filesystem', 'read_text_file', { path: join(person.work, 'hello.txt') })
  await expect(app.runner.outcome).toHaveText('Completed')
  await expect(app.runner.result).toContainText('Hello from the file.')

  await app.runner.openTask()
  await expect(app.tasks.heading('read_text_file')).toBeVisible()
  await expect(app.tasks.panel).toContainText('hello.txt')
  await app.tasks.openPart('Result')
  await expect(app.tasks.panel).toContainText('Hello from the file.')
  await app.tasks.runAgain()
  await expect(app.tasks.rows('read_text_file')).toHaveCount(2)
})

test('shows progress while a tool runs, and cancels it', async ({ app }) => {
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Runner')
  await app.runner.run('everything', 'trigger-long-running-operation', { duration: '60', steps: '60' })
  await expect(app.runner.outcome).toHaveText('Running')
  await expect.poll(async () => Number(await app.runner.progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0)
  await app.runner.cancel()
  await expect(app.runner.outcome).toHaveText('Cancelled')
})

test('shows what the tool itself says went wrong', async ({ app, person }) => {
  await app.goTo('Servers')
  await app.servers.start('filesystem')
  await app.goTo('Runner')
  await app.runner.run('filesystem', 'read_text_file', { path: join(person.work, 'missing.txt') })
  await expect(app.runner.outcome).toHaveText('Failed')
  await expect(app.runner.result).toContainText('ENOENT')
})

test('writes the log live, and finds a line in it', async ({ app }) => {
  await app.goTo('Logs')
  await app.palette.choose('start everything', /everything/)
  await expect(app.logs.lines).toContainText('everything')
  await expect(app.logs.lines).toContainText(/stdio/i)
  await app.logs.search('server:everything')
  await expect(app.logs.lines).toContainText(/stdio/i)
  await app.logs.search('server:memory')
  await expect(app.page.getByText(/No line|0 lines/).first()).toBeVisible()
})
