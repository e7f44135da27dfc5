import { expect, test } from 'vitest'
import { isLocale, negotiateLocale } from './locales'

test('a language that we do not have falls back to the first one that we have', () => {
  expect(negotiateLocale('fr-FR, de;q=0.7')).toBe('en')
  expect(negotiateLocale(undefined)).toBe('en')
  expect(negotiateLocale('en-GB;q=0.1, fr')).toBe('en')
})

test('only languages with messages are languages of a cookie', () => {
  expect(isLocale('en')).toBe(true)
  expect(isLocale('../etc')).toBe(false)
})
