'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useItemWords } from '@/app/_components/said-values'
import { Age } from '@/app/_ui/age'
import { Button } from '@/app/_ui/button'
import { buttonClass } from '@/app/_ui/button-class'
import { Card } from '@/app/_ui/card'
import { Icon } from '@/app/_ui/icon'
import { LinkButton } from '@/app/_ui/link-button'
import { Menu } from '@/app/_ui/menu'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import { paths } from '@/app/paths'
import type { DriftView } from './drift-view'
import { IgnoreDialog } from './ignore-dialog'
import { TakeDialog } from './take-dialog'

type Act = { kind: 'take' | 'ignore'; drifts: readonly DriftView[] }
type Props = {
  clusterId: string
  version: number
  drifts: readonly DriftView[]
  /** How many there are; a page shows the oldest of them. */
  total: number
  mayChange: boolean
}

/** A value as the host has it; none is said, not left blank. */
function Value({ value, absent }: { value: string | undefined; absent: string }) {
  return value === undefined ? (
    <span className="text-muted">{absent}</span>
  ) : (
    <span className="break-words font-mono text-sm">{value}</span>
  )
}

function RowMenu({ drift, onAct }: { drift: DriftView; onAct: (act: Act) => void }) {
  const t = useTranslations('drift')
  const words = useItemWords()
  const { notTakeable, notIgnorable, clusterId } = drift
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('act', { item: words(drift.itemId) })}
          className={buttonClass('quiet', 'icon')}
        >
          <Icon name="more" />
        </button>
      }
      entries={[
        { label: t('push'), icon: 'plan', href: paths.clusterPlan(clusterId) },
        {
          label: t('takeOne'),
          icon: 'check',
          onSelect: () => onAct({ kind: 'take', drifts: [drift] }),
          disabledReason: notTakeable === undefined ? undefined : t(`notTakeable.${notTakeable}`),
        },
        {
          label: t('ignoreOne'),
          icon: 'pause',
          onSelect: () => onAct({ kind: 'ignore', drifts: [drift] }),
          disabledReason:
            notIgnorable === undefined ? undefined : t(`notIgnorable.${notIgnorable}`),
        },
      ]}
    />
  )
}

function useColumns() {
  const t = useTranslations('drift.column')
  return [
    { id: 'item', label: t('item'), sortable: true },
    { id: 'host', label: t('host'), sortable: true },
    { id: 'desired', label: t('desired') },
    { id: 'running', label: t('running') },
    { id: 'saved', label: t('saved') },
    { id: 'since', label: t('since'), sortable: true },
    { id: 'act', label: t('act'), hideLabel: true, align: 'end' as const },
  ]
}

function Actions({ drifts, onAct, ...props }: Props & { onAct: (act: Act) => void }) {
  const t = useTranslations('drift')
  const takeable = drifts.filter(({ notTakeable }) => notTakeable === undefined)
  const ignorable = drifts.filter(({ notIgnorable }) => notIgnorable === undefined)
  return (
    <>
      <Button
        size="sm"
        disabledReason={takeable.length === 0 ? t('notTakeable.needed') : undefined}
        onClick={() => onAct({ kind: 'take', drifts: takeable })}
      >
        {t('takeAll', { count: takeable.length })}
      </Button>
      <Button
        size="sm"
        disabledReason={ignorable.length === 0 ? t('notIgnorable.module') : undefined}
        onClick={() => onAct({ kind: 'ignore', drifts: ignorable })}
      >
        {t('ignoreAll', { count: ignorable.length })}
      </Button>
      <LinkButton href={paths.clusterPlan(props.clusterId)} size="sm" variant="primary" icon="plan">
        {t('pushAll')}
      </LinkButton>
    </>
  )
}

/** What is not as it was applied: desired, running and saved side by side, since when, and what one can do. */
export function DriftTable(props: Props) {
  const { clusterId, version, drifts, total, mayChange } = props
  const t = useTranslations('drift')
  const words = useItemWords()
  const columns = useColumns()
  const [act, setAct] = useState<Act>()
  const close = () => setAct(undefined)
  const rows = drifts.map((drift) => ({
    id: `${drift.hostId} ${drift.itemId}`,
    cells: {
      item: {
        sort: drift.itemId,
        node: (
          <span className="flex flex-wrap items-baseline gap-x-2">
            <State tone="warn" quiet>
              {t(`kind.${drift.kind}`)}
            </State>
            <span className="break-words font-strong">{words(drift.itemId)}</span>
          </span>
        ),
      },
      host: { sort: drift.host, node: drift.host },
      desired: { node: <Value value={drift.desired} absent={t('notThere')} /> },
      running: { node: <Value value={drift.running} absent={t('notThere')} /> },
      saved: { node: <Value value={drift.saved} absent={t('notSaved')} /> },
      since: { sort: drift.since, node: <Age at={drift.since} /> },
      act: { node: mayChange && <RowMenu drift={drift} onAct={setAct} /> },
    },
  }))
  return (
    <Card
      title={t('title')}
      note={t('note')}
      padded={false}
      actions={mayChange && <Actions {...props} onAct={setAct} />}
    >
      <Table caption={t('title')} columns={columns} rows={rows} />
      {total > drifts.length && (
        <p className="border-t px-4 py-2.5 text-muted text-sm">
          {t('more', { count: total - drifts.length })}
        </p>
      )}
      {act?.kind === 'take' && (
        <TakeDialog {...{ clusterId, version, drifts: act.drifts }} onClose={close} />
      )}
      {act?.kind === 'ignore' && (
        <IgnoreDialog {...{ clusterId, drifts: act.drifts }} onClose={close} />
      )}
    </Card>
  )
}
