'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { useTranslations } from 'next-intl'
import type { ReactElement, ReactNode } from 'react'
import { buttonClass } from './button-class'
import { Icon } from './icon'

type Props = {
  /** The element that opens it; absent where `open` is controlled, e.g. from a menu. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
}

/** A dialog in the middle of the page; a sheet at the bottom of a phone. */
export function Dialog({ trigger, open, onOpenChange, title, description, children }: Props) {
  const t = useTranslations('common')
  const control = {
    ...(open !== undefined && { open }),
    ...(onOpenChange !== undefined && { onOpenChange }),
  }
  return (
    <Base.Root {...control}>
      {trigger !== undefined && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[oklch(0.15_0.01_215/0.45)] transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="fixed top-1/2 left-1/2 z-50 flex max-h-[85dvh] w-[30rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-y-auto rounded-card border bg-raised shadow-float transition-[opacity,transform] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-[calc(-50%+6px)] data-starting-style:opacity-0">
          <header className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Base.Title className="break-words font-strong text-lg">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-1 text-pretty text-muted text-sm">
                  {description}
                </Base.Description>
              )}
            </div>
            <Base.Close
              aria-label={t('close')}
              className={`${buttonClass('quiet', 'icon')} -mt-1 -mr-2`}
            >
              <Icon name="close" />
            </Base.Close>
          </header>
          <div className="px-5 pt-3 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
