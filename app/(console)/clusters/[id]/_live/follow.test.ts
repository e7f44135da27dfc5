import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { follow, RETRY_MS } from './follow'
import { LiveStore } from './live-store'

/** A browser's EventSource as far as it is used here; the test plays the server. */
class Source extends EventTarget {
  static readonly CLOSED = 2
  static opened: Source[] = []
  readyState = 0
  readonly url: string

  constructor(url: string) {
    super()
    this.url = url
    Source.opened.push(this)
  }

  say(event: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }))
  }

  /** `final`: the server refused, and the browser does not try again by itself. */
  fail(final: boolean) {
    this.readyState = final ? Source.CLOSED : 0
    this.dispatchEvent(new Event('error'))
  }

  close() {
    this.readyState = Source.CLOSED
  }
}

beforeEach(() => {
  Source.opened = []
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function followed() {
  const store = new LiveStore()
  const stop = follow('/api/clusters/c1/live', store)
  const [source] = Source.opened
  if (source === undefined) throw new Error('No stream was opened.')
  return { store, stop, source }
}

test('what the server says comes into the store, and it is called open', () => {
  const { store, source } = followed()
  expect(store.read().stream).toBe('connecting')
  source.say('history', { now: Date.now(), at: [], active: {} })
  source.say('live', { directors: [], services: [] })
  expect(store.read()).toMatchObject({ stream: 'open', snapshot: { services: [] } })
})

test('a stream that breaks is said to reconnect, which the browser does by itself', () => {
  const { store, source } = followed()
  source.say('live', { directors: [], services: [] })
  source.fail(false)
  expect(store.read().stream).toBe('reconnecting')
  vi.advanceTimersByTime(10 * RETRY_MS)
  expect(Source.opened).toHaveLength(1)
  source.say('live', { directors: [], services: [] })
  expect(store.read().stream).toBe('open')
})

test('a stream that the server refused is opened again after a while', () => {
  const { source } = followed()
  source.fail(true)
  vi.advanceTimersByTime(RETRY_MS - 1)
  expect(Source.opened).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(Source.opened.map(({ url }) => url)).toEqual(Array(2).fill('/api/clusters/c1/live'))
})

test('leaving the page closes the stream, and nothing opens it again', () => {
  const { stop, source } = followed()
  source.fail(true)
  stop()
  vi.advanceTimersByTime(10 * RETRY_MS)
  expect(Source.opened).toHaveLength(1)
  const other = followed()
  other.stop()
  expect(Source.opened.at(-1)?.readyState).toBe(Source.CLOSED)
})
