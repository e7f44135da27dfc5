import { expect, test } from 'vitest'
import { isLocale, negotiateLocale } from './locales'

test('a language that we do not have falls back to the first one that we have', () => {
  expect(negotiateLocale('fr-FR, de;q=0.7')).toBe('en')
  expect(negotiateLocale(undefined)).toBe('en')
  expect(negotiateLocale('en-GB;q=0.1, fr')).toBe('en')
})

test('who reads simplified Chinese gets it, by whatever name the browser asks', () => {
  for (const tag of ['zh', 'zh-CN', 'zh-cn', 'zh-Hans', 'zh-Hans-SG', 'zh-SG'])
    expect(negotiateLocale(tag), tag).toBe('zh-CN')
  expect(negotiateLocale('fr-FR, zh-CN;q=0.9, en;q=0.8')).toBe('zh-CN')
})

test('who reads traditional Chinese gets simplified only where the browser takes any Chinese', () => {
  expect(negotiateLocale('zh-TW, en;q=0.5')).toBe('en')
  expect(negotiateLocale('zh-Hant-HK, en;q=0.5')).toBe('en')
  expect(negotiateLocale('zh-TW, zh;q=0.9, en;q=0.5')).toBe('zh-CN')
})

test('the weights decide, not the order; 0 is a refusal', () => {
  expect(negotiateLocale('zh-CN;q=0.3, en;q=0.8')).toBe('en')
  expect(negotiateLocale('en;q=0, zh-CN;q=0.1')).toBe('zh-CN')
})

test('what is no language tag is passed over', () => {
  expect(negotiateLocale('*, ;q=1, -, zh_CN, zh-CN;q=0.1')).toBe('zh-CN')
  expect(negotiateLocale('*')).toBe('en')
})

test('only languages with messages are languages of a cookie', () => {
  expect(isLocale('en')).toBe(true)
  expect(isLocale('zh-CN')).toBe(true)
  expect(isLocale('zh')).toBe(false)
  expect(isLocale('../etc')).toBe(false)
})
