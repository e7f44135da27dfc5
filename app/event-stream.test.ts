import { expect, test, vi } from 'vitest'
import { type EventFeed, eventStream } from './event-stream'

function openStream(signal = new AbortController().signal) {
  const stop = vi.fn()
  let feed: EventFeed | undefined
  const response = eventStream(signal, (given) => {
    feed = given
    return stop
  })
  if (feed === undefined || response.body === null) throw new Error('nothing was opened')
  return { response, stop, feed, reader: response.body.getReader() }
}

async function readText(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { value } = await reader.read()
  return new TextDecoder().decode(value)
}

test('events are sent as they come, uncompressed and uncached', async () => {
  const { response, feed, reader } = openStream()
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toContain('no-transform')
  expect(await readText(reader)).toBe('retry: 2000\n\n')
  expect(feed.send('live', '{"a":1}')).toBe(true)
  expect(await readText(reader)).toBe('event: live\ndata: {"a":1}\n\n')
})

test('ending it stops its source once, and nothing is sent any more', async () => {
  const { feed, stop, reader } = openStream()
  feed.end()
  feed.end()
  expect(stop).toHaveBeenCalledTimes(1)
  expect(feed.send('live', '{}')).toBe(false)
  await readText(reader)
  expect((await reader.read()).done).toBe(true)
})

test('a browser that leaves stops the source, by abort or by cancel', async () => {
  const leaving = new AbortController()
  const aborted = openStream(leaving.signal)
  leaving.abort()
  expect(aborted.stop).toHaveBeenCalledTimes(1)

  const cancelled = openStream()
  await cancelled.reader.cancel()
  expect(cancelled.stop).toHaveBeenCalledTimes(1)
  cancelled.feed.end()
  expect(cancelled.stop).toHaveBeenCalledTimes(1)
})

test('a browser that had left before we came is not fed', () => {
  const { stop } = openStream(AbortSignal.abort())
  expect(stop).toHaveBeenCalledTimes(1)
})

test('a browser that does not read is left out, not waited for', () => {
  const { feed } = openStream()
  const taken = Array.from({ length: 100 }, () => feed.send('live', '{}'))
  expect(taken.filter(Boolean).length).toBeLessThan(40)
  expect(taken.at(-1)).toBe(false)
})

test('a source that ends while it opens is stopped', () => {
  const stop = vi.fn()
  eventStream(new AbortController().signal, ({ end }) => {
    end()
    return stop
  })
  expect(stop).toHaveBeenCalledTimes(1)
})
