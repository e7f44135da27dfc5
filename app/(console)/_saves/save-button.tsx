'use client'

import { useTranslations } from 'next-intl'
import { useActionState, useState } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { useOnce } from '@/app/_components/use-once'
import { Button, type ButtonProps } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { useToast } from '@/app/_ui/toast'
import type { ActionState } from '@/app/action-result'
import type { Subject } from '@/app/paths'
import type { Failure } from '@/lib/errors'
import { saveNowAction } from './actions'

/** Saves with one click: plans, writes and reads back; the page of the apply shows what was done. */
export function SaveButton({
  scope,
  mayChange,
  label = 'save',
  ...look
}: {
  scope: Subject
  mayChange: boolean
  label?: 'save' | 'now'
} & Pick<ButtonProps, 'variant' | 'size' | 'className'>) {
  const t = useTranslations('saves.button')
  const toast = useToast()
  const [state, send, isPending] = useActionState<ActionState<never>, FormData>(
    saveNowAction,
    undefined,
  )
  const [problem, setProblem] = useState<Failure>()
  useOnce(state, (answer) => {
    if (answer.ok) return
    if (answer.failure.reason === 'plan-empty') toast('ok', t('already'), t('alreadyText'))
    else setProblem(answer.failure)
  })
  return (
    <form action={send} className="contents">
      <input type="hidden" name="kind" value={scope.kind} />
      <input type="hidden" name="id" value={scope.id} />
      <Button
        {...look}
        type="submit"
        icon="save"
        pending={isPending}
        disabledReason={mayChange ? undefined : t('viewer')}
      >
        {t(isPending ? 'saving' : label)}
      </Button>
      <Dialog
        open={problem !== undefined}
        onOpenChange={(isOpen) => !isOpen && setProblem(undefined)}
        title={t('problem')}
      >
        {problem !== undefined && <FailureBanner failure={problem} />}
      </Dialog>
    </form>
  )
}
