import { AxeBuilder } from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'
import { fillPages, places } from '../pages/places.ts'

for (const theme of ['light', 'dark'] as const) {
  test(`every page passes axe in the ${theme} theme`, async ({ app, person }) => {
    test.setTimeout(180_000)
    await app.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await fillPages(app, person)
    for (const place of places) {
      await place.show(app)
      // Electron opens no page for the library's own use; the legacy mode needs none.
      const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode().analyze()
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))
      expect.soft(found, place.name).toEqual([])
      await app.page.keyboard.press('Escape')
    }
  })
}
