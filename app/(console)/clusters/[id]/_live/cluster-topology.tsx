'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Card } from '@/app/_ui/card'
import { Topology } from '@/app/_ui/topology'
import { useList } from '@/app/_ui/use-format'
import type { RealServerView } from './real-server-view'
import {
  ClientsNode,
  type DirectorFacts,
  DirectorNode,
  RealServerNode,
  RealServerTiles,
} from './topology-nodes'
import { useFigures } from './use-figures'

/** More boxes than this push the table off the screen: then all of them are drawn small. */
const MOST_BOXES = 8
const MOST_TILES = 60

type Props = {
  director: DirectorFacts
  rows: readonly RealServerView[]
  /** New connections a second of the whole service; `undefined` = not known. */
  newPerSecond: number | undefined
  isLost: boolean
  empty: ReactNode
}

/** Clients → director → real servers, with what flows between them now. */
export function ClusterTopology({ director, rows, newPerSecond, isLost, empty }: Props) {
  const t = useTranslations('live.topology')
  const figures = useFigures()
  const list = useList()
  const said = { director: list(director.names), count: rows.length }
  const total =
    newPerSecond === undefined
      ? undefined
      : t('newPerSecond', { value: figures.rate(newPerSecond) })
  const isDense = rows.length > MOST_BOXES
  return (
    <Card>
      <Topology
        label={total === undefined ? t('labelUnknown', said) : t('label', { ...said, total })}
        source={<ClientsNode />}
        hub={<DirectorNode director={director} isLost={isLost} />}
        perSecond={newPerSecond}
        edgeLabel={
          <span className="inline-block whitespace-nowrap rounded-full border bg-raised px-2.5 font-mono text-sm leading-6">
            {total ?? '—'}
          </span>
        }
        branches={rows.map((row) => ({
          id: row.id,
          index: row.index,
          perSecond: row.newPerSecond,
          count: row.active === undefined ? '—' : figures.count(row.active),
          node: <RealServerNode row={row} />,
        }))}
        dashNote={(count) => (total === undefined ? t('still') : t('dash', { count }))}
        {...(isDense && { dense: <RealServerTiles rows={rows} most={MOST_TILES} /> })}
        empty={empty}
      />
    </Card>
  )
}
