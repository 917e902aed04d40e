import { expect, test } from 'vitest'
import type { Banner } from '../shared/snapshot.ts'
import { Banners } from './banners.ts'

const banner = (code: string, severity: Banner['severity'], since: string): Banner => {
  return { code, severity, message: code, hint: null, since }
}

test('the worst banner is shown, and the one behind it once that is gone', () => {
  const shown: (string | undefined)[] = []
  const banners = new Banners()
  banners.onChange = (now) => shown.push(now?.code)
  banners.set('logs', banner('log_store_damaged', 'caution', '2026-11-22T10:00:00.000Z'))
  banners.set('disk', banner('disk_full', 'danger', '2026-11-22T12:00:00.000Z'))
  banners.set('store', banner('store_damaged', 'danger', '2026-11-22T11:00:00.000Z'))
  banners.set('disk', null)
  banners.set('store', null)
  banners.set('logs', null)
  expect(shown).toEqual(['log_store_damaged', 'disk_full', 'store_damaged', 'log_store_damaged', undefined])
})
