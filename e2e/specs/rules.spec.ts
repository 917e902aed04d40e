import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { issuesPayload } from '../../engine/webhooks/github-samples.ts'
import { startGitHubStandIn } from '../../engine/webhooks/test-github.ts'
import { test } from '../fixtures.ts'
import type { Person } from '../person.ts'

const issue = issuesPayload('opened')

/** Sends an event as GitHub does; `secret` signs it. Resolves with the status of the answer. */
async function gitHubSends(person: Person, payload: unknown, secret: string): Promise<number> {
  const { url } = JSON.parse(readFileSync(join(person.home, 'runtime.json'), 'utf8')) as { url: string }
  const body = JSON.stringify(payload)
  const response = await fetch(`${url}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  })
  await response.text()
  return response.status
}

/** Lets the program call an address of this machine, as its owner does in the settings. */
async function allowTarget(person: Person, url: string, host: string): Promise<void> {
  const token = readFileSync(join(person.home, 'token'), 'utf8').trim()
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ allowed_targets: [host] })
  expect((await fetch(`${url}/api/v1/settings`, { method: 'PATCH', headers, body })).status).toBe(200)
}

// The secret of a webhook wants a key store, which not every desktop has.
test('a rule is made in the page, fired by a signed webhook, and its tasks are watched @browser', async ({
  app,
  person,
}) => {
  const { page, rules } = app
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Rules')
  const secret = await rules.letGitHubSend()

  await rules.show('Rules')
  await page.getByRole('button', { name: 'New rule' }).click()
  await expect(page.getByRole('region', { name: 'What is wrong' })).toContainText('to fill in')
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Look at issues')
  await rules.choose('What fires it', 'GitHub tells of something')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByRole('textbox', { name: 'Condition' }).fill('event.payload.action ==')
  await page.getByRole('button', { name: 'Remove notify' }).click()
  await page.getByRole('button', { name: 'Add a step', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Call a tool' }).click()
  await rules.choose('Server', 'everything')
  await rules.choose('Tool', 'trigger-long-running-operation')
  await page.getByRole('textbox', { name: 'Arguments' }).fill('{"duration": 2, "steps": 4}')
  await page.getByRole('button', { name: 'Add a step', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Call a tool' }).click()
  const second = page.getByRole('listitem', { name: 'Step tool_2' })
  await second.getByRole('combobox', { name: 'Server' }).click()
  await page.getByRole('option', { name: 'everything' }).click()
  await second.getByRole('combobox', { name: 'Tool' }).click()
  await page.getByRole('option', { name: 'echo', exact: true }).click()
  await second.getByLabel('Arguments').fill('{"message": "Seen: ${event.payload.issue.title}"}')

  // The engine reads conditions: what is wrong stands at its field and beside the form.
  await expect(page.getByRole('region', { name: 'What is wrong' })).toContainText('condition 1')
  await expect(page.getByRole('button', { name: 'Save and switch on' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Condition' }).fill('event.payload.action == "closed"')

  // A dry run evaluates all of it and does nothing.
  await page.getByRole('button', { name: 'Dry run' }).click()
  const dry = page.getByRole('region', { name: 'What it would do' })
  await expect(dry.getByRole('status')).toHaveText('It would not run: 1 of its conditions does not hold')
  await page.getByRole('button', { name: 'Form' }).click()
  await page.getByRole('textbox', { name: 'Condition' }).fill('event.payload.action == "opened"')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(dry.getByRole('status')).toHaveText('It would run')
  await expect(dry.getByRole('list', { name: 'Conditions' })).toContainText('event.payload.action == "opened"')
  await expect(dry.getByRole('listitem', { name: 'tool_2: Would act' })).toContainText('Seen: ')
  await expect(page.getByRole('button', { name: 'Fire this event' })).toBeDisabled()

  await page.getByRole('button', { name: 'Save and switch on' }).click()
  await expect(app.title).toContainText('Look at issues')

  await page.getByRole('tab', { name: 'Runs' }).click()
  await expect(page.getByText('It has not run yet')).toBeVisible()
  expect(await gitHubSends(person, issue, 'not the secret, and long enough')).toBe(401)
  expect(await gitHubSends(person, issue, secret)).toBe(202)
  await expect(rules.step('tool: Running')).toBeVisible()
  await expect(rules.step('tool_2: Not yet')).toBeVisible()
  await expect(rules.step('tool_2: Completed')).toBeVisible()
  await expect(rules.step('tool: Completed')).toContainText('trigger-long-running-operation of everything')
  await expect(rules.rows('Runs')).toHaveCount(1)

  await app.goTo('Rules')
  await expect(rules.rows('Rules')).toContainText('Completed')
  await rules.show('Webhooks')
  await expect(rules.rows('Deliveries')).toHaveCount(2)
  await expect(rules.rows('Deliveries').first()).toContainText('Accepted')
  await expect(rules.rows('Deliveries').nth(1)).toContainText('Wrong signature')
  await page.getByRole('button', { name: 'Redeliver' }).click()
  await expect(rules.rows('Deliveries')).toHaveCount(3)
  await rules.show('Runs')
  await expect(rules.rows('Runs')).toHaveCount(2)

  await rules.show('Rules')
  await rules.rows('Rules').click()
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByRole('button', { name: 'Fire this event' }).click()
  await expect(rules.rows('Runs')).toHaveCount(3)
  await expect(rules.rows('Runs').first()).toContainText('sample')

  await app.goTo('Tasks')
  await app.tasks.rows('echo').last().click()
  await expect(page.getByRole('region', { name: 'Input' })).toContainText('Seen: The lamp is dark')
})

test('what GitHub sent while nobody answered is found in the page and sent once more @browser', async ({
  app,
  person,
}) => {
  const { page, rules } = app
  await using gitHub = await startGitHubStandIn('of-octo')
  await app.goTo('Rules')
  const secret = await rules.letGitHubSend()
  const { url } = JSON.parse(readFileSync(join(person.home, 'runtime.json'), 'utf8')) as { url: string }
  await gitHub.setHook({ url: `${url}/webhooks/github`, secret })
  await allowTarget(person, url, new URL(gitHub.url).host)
  for (const number of [7, 8]) await gitHub.happens('issues', issuesPayload('opened', { number }))

  await page.getByRole('button', { name: 'What did not come' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Repository').fill('octo/demo')
  await dialog.getByLabel('Token of GitHub').fill('not of octo')
  await dialog.getByRole('button', { name: 'Several webhooks' }).click()
  await dialog.getByLabel('Address of the API').fill(gitHub.url)
  await dialog.getByRole('button', { name: 'Look' }).click()
  await expect(dialog.getByRole('alert')).toContainText('does not take the token in GITHUB_TOKEN (401)')
  await rules.choose('Token of GitHub', 'Another one, entered here')
  await dialog.getByLabel('Its value').fill('of-octo')
  await dialog.getByRole('button', { name: 'Look' }).click()
  await expect(rules.rows('Missed deliveries')).toHaveCount(2)
  await expect(rules.rows('Missed deliveries').first()).toContainText('nobody answered')
  await dialog.getByRole('button', { name: 'Send all 2 once more' }).click()
  await expect(rules.rows('Missed deliveries').first()).toContainText('sent once more')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(rules.rows('Deliveries')).toHaveCount(2)
  await expect(rules.rows('Deliveries').first()).toContainText('Accepted')

  await page.getByRole('button', { name: 'What did not come' }).click()
  await expect(dialog.getByLabel('Repository')).toHaveValue('octo/demo')
})

test('a ready-made rule is tried with a sample event, switched off and removed', async ({ app }) => {
  const { page, rules } = app
  await app.goTo('Rules')
  await page.getByRole('button', { name: 'Tell me when a server fails' }).click()
  await page.getByRole('button', { name: 'Save and switch on' }).click()
  await expect(app.title).toContainText('Tell me when a server fails')
  await page.getByRole('textbox', { name: 'Description' }).fill('For every server.')
  await expect(page.getByRole('tab', { name: 'Rule, not saved' })).toBeVisible()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('tab', { name: 'Rule', exact: true })).toBeVisible()
  await expect(page.getByText('changed meanwhile')).toBeHidden()
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByRole('button', { name: 'Fire this event' }).click()
  await expect(rules.step('notify: Completed')).toBeVisible()

  await app.goTo('Rules')
  const lever = page.getByRole('switch', { name: 'Tell me when a server fails: on' })
  await lever.click()
  await expect(lever).not.toBeChecked()
  await rules.rows('Rules').click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Remove this rule' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByText('Nothing happens by itself yet')).toBeVisible()
  await rules.show('Runs')
  await expect(rules.rows('Runs')).toHaveCount(1)
})
