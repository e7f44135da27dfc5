'use client'

import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { useTranslations } from 'next-intl'
import { type ReactElement, type ReactNode, useState, useTransition } from 'react'
import { Button } from './button'
import { buttonClass } from './button-class'

type Props = {
  /** The element that opens it; absent where `open` is controlled, e.g. from a menu. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** Names the act and its object: "Delete host server3?" */
  title: ReactNode
  /** What will be true afterwards, and whether it can be undone. */
  consequence: ReactNode
  /** Names the act again: "Delete host", never "OK". */
  confirmLabel: string
  danger?: boolean
  /** Resolves to `undefined` when done; to what went wrong otherwise, which is then shown in the dialog. */
  onConfirm: () => Promise<ReactNode | undefined>
}

/** Asks once more before something that cannot be taken back; the safe answer has the focus. */
export function ConfirmDialog(props: Props) {
  const { trigger, open, onOpenChange, danger = true } = props
  const t = useTranslations('common')
  const [isPending, start] = useTransition()
  const [problem, setProblem] = useState<ReactNode>()
  const control = {
    ...(open !== undefined && { open }),
    ...(onOpenChange !== undefined && { onOpenChange }),
  }
  const confirm = () =>
    start(async () => {
      const outcome = await props.onConfirm()
      setProblem(outcome)
      if (outcome === undefined) onOpenChange?.(false)
    })
  return (
    <Base.Root {...control}>
      {trigger !== undefined && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[oklch(0.15_0.01_215/0.45)] transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[28rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-card border bg-raised p-5 shadow-float transition-[opacity,transform] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-[calc(-50%+6px)] data-starting-style:opacity-0">
          <Base.Title className="break-words font-strong text-lg">{props.title}</Base.Title>
          <Base.Description
            className="mt-1 text-pretty text-muted text-sm"
            render={<div>{props.consequence}</div>}
          />
          {problem !== undefined && <div className="mt-3">{problem}</div>}
          <footer className="mt-5 flex justify-end gap-2">
            <Base.Close className={buttonClass('secondary')}>{t('cancel')}</Base.Close>
            <Button variant={danger ? 'danger' : 'primary'} pending={isPending} onClick={confirm}>
              {props.confirmLabel}
            </Button>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
