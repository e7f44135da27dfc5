import type { ReactNode } from 'react'
import { Mark } from '@/app/_components/mark'
import { LanguageSwitch } from './language-switch'

/** The frame of the pages for people who are not logged in: one card, and the choice of a language. */
export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[26rem] flex-col justify-center px-4 py-12">
      <p className="mb-6 flex items-center gap-2.5 font-strong text-lg">
        <Mark size={24} />
        Tunboard
      </p>
      {children}
      <LanguageSwitch />
    </main>
  )
}
