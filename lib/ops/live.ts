import { log } from '@/lib/log'
import type { LiveHistory, LiveSnapshot } from '@/lib/lvs/live'
import { addPoint, type History, noHistory, showHistory } from '@/lib/lvs/live-history'
import {
  notYetRead,
  showDirector,
  showServices,
  takeLoss,
  takeReading,
  type Watched,
} from './live-director'
import { type DirectorLoop, LOOP_SETTINGS, type LoopSettings, startDirectorLoop } from './live-loop'
import { readWanted, type Wanted } from './live-wanted'

/** One event of a cluster's stream, serialised once for all who listen; see lib/lvs/live.ts for what is in it. */
export type LiveMessage = { event: 'history' | 'live'; data: string }

export type LiveListener = {
  onMessage(message: LiveMessage): void
  /** Nothing comes any more: Tunboard stops, or the cluster is gone. */
  onEnd(): void
}

type Topic = {
  wanted: Wanted
  listeners: Set<LiveListener>
  history: History
  /** When the last listener left; a topic that nobody needs is kept for a while. */
  idleSince: number
}

type Director = { watched: Watched; loop: DirectorLoop }

type Hub = {
  topics: Map<string, Topic>
  directors: Map<string, Director>
  settings: LoopSettings
  /** Work on topics and directors, in order. */
  queue: Promise<void>
  timer?: NodeJS.Timeout
  /** Clusters with something applied are watched although nobody looks. */
  started: boolean
}

/** How soon a changed cluster is noticed without being told; each time is one read of the database. */
const REFRESH_MS = 10_000
/** Going from page to page must not end the loop; longer would hold a director for nobody. */
const IDLE_MS = 60_000

const NOTHING: Wanted = { directors: [], services: [], applied: false }

// Next.js loads this module several times in one process; there must be one hub, or directors are read several times.
const shared = globalThis as { tunboardLive?: Hub }

function hub(): Hub {
  shared.tunboardLive ??= {
    ...{ topics: new Map(), directors: new Map(), settings: LOOP_SETTINGS },
    ...{ queue: Promise.resolve(), started: false },
  }
  return shared.tunboardLive
}

function snapshotOf(topic: Topic, now: number): LiveSnapshot {
  const known = topic.wanted.directors.map(({ hostId, name }) => ({
    name,
    watched: hub().directors.get(hostId)?.watched ?? notYetRead(hostId),
  }))
  return {
    directors: known.map(({ name, watched }) => showDirector(watched, name, now)),
    services: known.flatMap(({ watched }) => showServices(watched, topic.wanted.services)),
  }
}

function send(listener: LiveListener, event: LiveMessage['event'], data: string): void {
  try {
    listener.onMessage({ event, data })
  } catch (error) {
    log.error('A listener of the live stream failed.', { error })
  }
}

/** What was read, not what is remembered of a director that is lost. */
function readServices({ directors, services }: LiveSnapshot): LiveSnapshot['services'] {
  const lost = new Set(directors.filter((director) => director.lost).map(({ hostId }) => hostId))
  return services.filter(({ hostId }) => !lost.has(hostId))
}

function publish(topic: Topic, snapshot: LiveSnapshot): void {
  if (topic.listeners.size === 0) return
  const data = JSON.stringify(snapshot)
  for (const listener of topic.listeners) send(listener, 'live', data)
}

function topicsOf(hostId: string): Topic[] {
  return [...hub().topics.values()].filter(({ wanted }) =>
    wanted.directors.some((director) => director.hostId === hostId),
  )
}

function startDirector(hostId: string): Director {
  const watched = notYetRead(hostId)
  const loop = startDirectorLoop(
    hostId,
    {
      onReading(frame) {
        const now = Date.now()
        takeReading(watched, frame, now)
        for (const topic of topicsOf(hostId)) {
          const snapshot = snapshotOf(topic, now)
          addPoint(topic.history, now, readServices(snapshot))
          publish(topic, snapshot)
        }
      },
      onLost(why) {
        const now = Date.now()
        const isNews = takeLoss(watched, why, now)
        for (const topic of topicsOf(hostId)) {
          if (isNews) addPoint(topic.history, now, undefined)
          publish(topic, snapshotOf(topic, now))
        }
      },
    },
    hub().settings,
  )
  return { watched, loop }
}

function openTopic(clusterId: string, wanted: Wanted): Topic {
  const topic: Topic = {
    ...{ wanted, listeners: new Set<LiveListener>(), history: noHistory() },
    idleSince: Date.now(),
  }
  hub().topics.set(clusterId, topic)
  return topic
}

function isNeeded({ wanted, listeners, idleSince }: Topic): boolean {
  if (listeners.size > 0 || (wanted.applied && hub().started)) return true
  return Date.now() - idleSince < IDLE_MS
}

function endTopic(clusterId: string, topic: Topic): void {
  hub().topics.delete(clusterId)
  for (const listener of topic.listeners) listener.onEnd()
  topic.listeners.clear()
}

/** Makes the topics what the database wants. */
async function updateTopics(): Promise<void> {
  const { topics, started } = hub()
  const all = await readWanted()
  for (const [clusterId, wanted] of all) {
    const topic = topics.get(clusterId)
    if (topic !== undefined) topic.wanted = wanted
    else if (wanted.applied && started) openTopic(clusterId, wanted)
  }
  for (const [clusterId, topic] of topics)
    if (!all.has(clusterId) || !isNeeded(topic)) endTopic(clusterId, topic)
}

/** Runs a loop for each director that a topic wants, and no other. */
function updateDirectors(): void {
  const { topics, directors } = hub()
  const wanted = new Set(
    [...topics.values()].flatMap((topic) => topic.wanted.directors.map(({ hostId }) => hostId)),
  )
  for (const hostId of wanted)
    if (!directors.has(hostId)) directors.set(hostId, startDirector(hostId))
  for (const [hostId, { loop }] of directors) {
    if (wanted.has(hostId)) continue
    directors.delete(hostId)
    // One that is just connecting may take its time; nobody has to wait for it.
    void loop.stop()
  }
}

/**
 * Looks into the database for what is to be watched now: after a change of clusters or directors, else by itself every
 * ten seconds. Resolves when the loops fit; a failure is logged and the next look comes all the same.
 */
export function refreshLive(): Promise<void> {
  const { queue } = hub()
  hub().timer ??= setInterval(refreshLive, REFRESH_MS).unref()
  hub().queue = queue
    .then(updateTopics)
    .then(updateDirectors)
    .catch((error: unknown) => log.error('The live loops could not be renewed.', { error }))
  return hub().queue
}

/**
 * Follows a cluster: first the history of ten minutes and what is known now, then each reading of its directors, and
 * their loss. However many follow, each director is read once. Returns what stops following.
 */
export function subscribeLive(clusterId: string, listener: LiveListener): () => void {
  const found = hub().topics.get(clusterId)
  const topic = found ?? openTopic(clusterId, NOTHING)
  topic.listeners.add(listener)
  const now = Date.now()
  const history: LiveHistory = showHistory(topic.history, now)
  send(listener, 'history', JSON.stringify(history))
  if (found === undefined) void refreshLive()
  else send(listener, 'live', JSON.stringify(snapshotOf(topic, now)))
  return () => {
    topic.listeners.delete(listener)
    topic.idleSince = Date.now()
  }
}

/** Tells what is known of a cluster now, for a page's first paint; `undefined` while nobody watches it. */
export function readLive(clusterId: string): LiveSnapshot | undefined {
  const topic = hub().topics.get(clusterId)
  return topic === undefined ? undefined : snapshotOf(topic, Date.now())
}

/** Starts watching every cluster that has something applied, for as long as Tunboard runs. */
export async function startLive(settings: LoopSettings = LOOP_SETTINGS): Promise<void> {
  hub().settings = settings
  hub().started = true
  await refreshLive()
}

/** Stops every loop and ends every stream; before the connections to hosts are closed. */
export async function stopLive(): Promise<void> {
  const { topics, directors, timer, queue } = hub()
  clearInterval(timer)
  await queue
  for (const [clusterId, topic] of topics) endTopic(clusterId, topic)
  await Promise.all([...directors.values()].map(({ loop }) => loop.stop()))
  delete shared.tunboardLive
}
