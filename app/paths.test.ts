import { expect, test } from 'vitest'
import { isOwnPath, paths } from './paths'

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', ''])(
  'a login does not lead to %j',
  (path) => {
    expect(isOwnPath(path)).toBe(false)
  },
)

test('a login leads back to the page that was asked for', () => {
  expect(isOwnPath('/clusters/abc?sort=-name')).toBe(true)
  expect(paths.login('/clusters/abc?sort=-name')).toBe(
    '/login?next=%2Fclusters%2Fabc%3Fsort%3D-name',
  )
  expect(paths.login('/')).toBe('/login')
})

test('an id cannot leave its place in a path', () => {
  expect(paths.host('../settings')).toBe('/hosts/..%2Fsettings')
})
