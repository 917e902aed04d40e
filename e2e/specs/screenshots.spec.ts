import { join } from 'node:path'
import { test } from '../fixtures.ts'
import { fillPages, places } from '../pages/places.ts'
import { useOtherPrograms } from '../person.ts'

test('pictures of every page for the README @screenshots', async ({ person, signalbox }) => {
  test.setTimeout(240_000)
  useOtherPrograms(person)
  const app = await signalbox.start()
  await app.page.setViewportSize({ width: 1280, height: 800 })
  await app.page.emulateMedia({ reducedMotion: 'reduce' })
  await fillPages(app, person)
  for (const theme of ['light', 'dark'] as const) {
    await app.page.emulateMedia({ colorScheme: theme })
    for (const place of places) {
      await place.show(app)
      await app.page.evaluate(() => document.fonts.ready)
      await app.page.screenshot({ path: join('docs', 'screenshots', `${place.name}-${theme}.png`) })
      await app.page.keyboard.press('Escape')
    }
  }
})
