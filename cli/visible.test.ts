import { expect, it } from 'vitest'
import { visible, visibleLine } from './visible.ts'

it('shows every escape instead of obeying it', () => {
  expect(visible('\u001b[31mred\u001b]0;title\u0007 \u009b2J a\rb \u007f')).toBe('␛[31mred␛]0;title␇ \\u009b2J a␍b ␡')
  expect(visible('safe\u202Etxt.exe \u2066x\u2069')).toBe('safe\\u202etxt.exe \\u2066x\\u2069')
})

it('keeps what text is made of', () => {
  expect(visible('größe 雪 👩‍🚀\tx\r\ny\n')).toBe('größe 雪 👩‍🚀\tx\ny\n')
  expect(visibleLine('a\tb\nc')).toBe('a␉b␊c')
})
