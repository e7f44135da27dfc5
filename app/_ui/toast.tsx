'use client'

import { Toast as Base } from '@base-ui/react/toast'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { buttonClass } from './button-class'
import { Icon } from './icon'
import { TONE_ICON, TONE_TEXT, TONES, type Tone } from './tone'

const toneOf = (type: string | undefined): Tone => TONES.find((tone) => tone === type) ?? 'neutral'

function ToastList() {
  const t = useTranslations('common')
  const { toasts } = Base.useToastManager()
  return toasts.map((toast) => {
    const tone = toneOf(toast.type)
    return (
      <Base.Root
        key={toast.id}
        toast={toast}
        className="mt-2 w-full rounded-card border bg-raised shadow-float transition-[opacity,transform] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0"
      >
        <Base.Content className="flex items-center gap-3 py-2 pr-2 pl-4">
          <span className={TONE_TEXT[tone]}>
            <Icon name={TONE_ICON[tone]} />
          </span>
          <div className="min-w-0 flex-1">
            <Base.Title className="font-strong text-base" />
            <Base.Description className="text-muted text-sm" />
          </div>
          <Base.Close aria-label={t('close')} className={buttonClass('quiet', 'icon')}>
            <Icon name="close" size={14} />
          </Base.Close>
        </Base.Content>
      </Base.Root>
    )
  })
}

/** Where toasts appear; once, around the whole app. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-4 z-50 flex w-[22rem] max-w-[calc(100vw-2rem)] flex-col max-md:bottom-20">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

/** Gives the function that says, for a few seconds, what has just been done. Errors belong into a banner. */
export function useToast(): (tone: Tone, title: string, description?: string) => void {
  const { add } = Base.useToastManager()
  return (tone, title, description) => {
    add({ type: tone, title, ...(description !== undefined && { description }) })
  }
}
