'use client'

import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { buttonClass } from '@/app/_ui/button-class'
import { Icon } from '@/app/_ui/icon'
import { Menu, type MenuEntry } from '@/app/_ui/menu'
import { paths } from '@/app/paths'
import type { DesiredView, RealServerView } from './real-server-view'

/** What a person has chosen to do with a real server, until it is sent or taken back. */
export type RowAct = 'drain' | 'quiesce' | 'undo' | 'remove'

type Props = Pick<RealServerView, 'id' | 'name' | 'state' | 'desired' | 'drain'> & {
  clusterId: string
  mayChange: boolean
  onAct: (act: RowAct, rowId: string) => void
}

/** What can be done with one real server; what cannot be done now says why. Counts are none of its concern. */
export const RowMenu = memo(function RowMenu(props: Props) {
  const { clusterId, mayChange, id: rowId, desired, drain, name, state } = props
  const t = useTranslations('live.menu')
  const onAct = (act: RowAct) => props.onAct(act, rowId)
  const tooLow = mayChange ? undefined : t('viewer')
  const isDraining = drain !== undefined && !drain.isRemoving

  const own = ({ id, weight }: DesiredView): MenuEntry[] => [
    {
      label: t('edit'),
      icon: 'edit',
      href: paths.realServerEdit(clusterId, id),
      disabledReason: tooLow,
    },
    {
      label: t('quiesce'),
      icon: 'pause',
      onSelect: () => onAct('quiesce'),
      disabledReason: tooLow ?? (weight === 0 ? t('isQuiesced') : undefined),
    },
    isDraining
      ? {
          label: t('undoDrain'),
          icon: 'undo',
          onSelect: () => onAct('undo'),
          disabledReason: tooLow,
        }
      : {
          label: t('drain'),
          icon: 'wait',
          onSelect: () => onAct('drain'),
          disabledReason: tooLow ?? (state === 'not-applied' ? t('isNotApplied') : undefined),
        },
    'separator',
    {
      label: t('remove'),
      icon: 'remove',
      danger: true,
      onSelect: () => onAct('remove'),
      disabledReason: tooLow,
    },
  ]
  const review: MenuEntry[] = [
    { label: t('review'), icon: 'plan', href: paths.clusterPlan(clusterId) },
  ]
  const foreign: MenuEntry[] = [
    {
      label: t('adopt'),
      icon: 'add',
      href: paths.realServerNew(clusterId),
      disabledReason: tooLow,
    },
  ]
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('of', { name })}
          className={buttonClass('quiet', 'icon')}
        >
          <Icon name="more" />
        </button>
      }
      entries={desired !== undefined ? own(desired) : state === 'foreign' ? foreign : review}
    />
  )
})
