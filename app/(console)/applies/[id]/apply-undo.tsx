'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState, useTransition } from 'react'
import { callAction } from '@/app/_components/confirm-action'
import { RefreshEvery } from '@/app/_components/refresh-every'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { useNow } from '@/app/_ui/clock'
import { ConfirmDialog } from '@/app/_ui/confirm-dialog'
import { Countdown } from '@/app/_ui/countdown'
import { useList } from '@/app/_ui/use-format'
import { confirmApplyAction, undoNowAction } from './actions'
import type { ApplySnapshot } from './apply-snapshot'

type Undo = NonNullable<ApplySnapshot['undo']>
type Props = { applyId: string; undo: Undo; mayChange: boolean }

function Buttons({ applyId, undo, isOver }: Omit<Props, 'mayChange'> & { isOver: boolean }) {
  const t = useTranslations('undo')
  const router = useRouter()
  const [isPending, start] = useTransition()
  const [problem, setProblem] = useState<ReactNode>()
  const confirm = () =>
    start(async () => {
      setProblem(await callAction(confirmApplyAction, { applyId }))
      router.refresh()
    })
  return (
    <>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          variant="primary"
          icon="check"
          pending={isPending}
          onClick={confirm}
          disabledReason={isOver ? t('over') : undefined}
        >
          {t('confirm')}
        </Button>
        <ConfirmDialog
          trigger={<Button icon="undo">{t('now')}</Button>}
          title={t('nowTitle', { count: undo.hosts.length })}
          consequence={t('nowText')}
          confirmLabel={t('now')}
          onConfirm={() => callAction(undoNowAction, { applyId })}
        />
      </div>
      {problem !== undefined && <div className="mt-3">{problem}</div>}
    </>
  )
}

/** The time that is left until the hosts take it back, and who may stop that. */
export function ApplyUndo({ applyId, undo, mayChange }: Props) {
  const t = useTranslations('undo')
  const list = useList()
  const isOver = useNow() >= undo.deadlineAt
  const values = { count: undo.hosts.length, hosts: list(undo.hosts) }
  return (
    <Banner
      tone="warn"
      icon="wait"
      title={
        isOver
          ? t('firing', values)
          : t.rich('armed', {
              ...values,
              time: () => <Countdown to={undo.deadlineAt} className="font-mono tabular-nums" />,
            })
      }
    >
      <p>{t(isOver ? 'firingText' : undo.confirmBy === 'server' ? 'server' : 'person', values)}</p>
      {mayChange && <Buttons applyId={applyId} undo={undo} isOver={isOver} />}
      <RefreshEvery seconds={2} />
    </Banner>
  )
}
