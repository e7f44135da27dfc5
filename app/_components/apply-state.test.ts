import { expect, test } from 'vitest'
import { APPLY_LOOK, applyWord } from './apply-state'

const seen = (...verdicts: string[]) => ({ entries: verdicts.map((verdict) => ({ verdict })) })

test('a verified apply with a real server that does not answer is not green', () => {
  const word = applyWord('verified', seen('answers', 'silent'))
  expect(word).toBe('silent')
  expect(APPLY_LOOK[word].tone).toBe('warn')
})

test('nobody having connected is no reason to worry, and a failure stays one', () => {
  expect(applyWord('verified', seen('answers', 'no-traffic'))).toBe('verified')
  expect(applyWord('verified', undefined)).toBe('verified')
  expect(applyWord('failed', seen('silent'))).toBe('failed')
})
