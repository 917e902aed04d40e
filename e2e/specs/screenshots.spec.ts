import { join } from 'node:path'
import { test } from '../fixtures.ts'
import { fillPages, places } from '../pages/places.ts'
import { useOtherPrograms } from '../person.ts'

/** What the README shows, and what may be of use beside it. */
const shown = ['home', 'servers', 'server', 'runner', 'tasks', 'logs', 'rules', 'metrics', 'palette', 'first-run']

test('pictures of the main pages for the README @screenshots', async ({ person, signalbox }) => {
  test.setTimeout(240_000)
  useOtherPrograms(person)
  const app = await signalbox.start()
  await app.page.setViewportSize({ width: 1280, height: 800 })
  await app.page.emulateMedia({ reducedMotion: 'reduce' })
  await fillPages(app, person)
  // The rule that was tried has said so in a toast, which stays until it is dismissed.
  const dismiss = app.page.getByRole('button', { name: 'Dismiss' })
  while ((await dismiss.count()) > 0) await dismiss.first().click()
  for (const theme of ['light', 'dark'] as const) {
    await app.page.emulateMedia({ colorScheme: theme })
    for (const place of places.filter(({ name }) => shown.includes(name))) {
      await place.show(app)
      await app.page.evaluate(() => document.fonts.ready)
      // Nothing is pointed at, and the focus shows only where a page has put it itself.
      await app.page.mouse.move(0, 0)
      await app.page.evaluate(() => {
        const focused = document.activeElement as HTMLElement | null
        if (focused?.closest('[role=dialog]') === null) focused.blur()
      })
      await app.page.screenshot({ path: join('docs', 'screenshots', `${place.name}-${theme}.png`) })
      await app.page.keyboard.press('Escape')
    }
  }
})
