import { cookies } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { readClusters } from '@/app/_components/read-clusters'
import { requireSession } from '@/app/session'
import { env } from '@/lib/env'
import { AccountMenu } from './_shell/account-menu'
import { FOLD_COOKIE } from './_shell/fold'
import { BottomBar, Sidebar } from './_shell/sidebar'
import { TopLine } from './_shell/top-line'

/** The frame of every page behind the login. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { user } = await requireSession()
  const clusters = await readClusters()
  const t = await getTranslations('common.nav')
  const role = await getTranslations('common.role')
  const isFolded = (await cookies()).get(FOLD_COOKIE)?.value === 'true'
  return (
    <div data-shell data-folded={isFolded} className="group/shell flex min-h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        {t('skip')}
      </a>
      <Sidebar clusters={clusters} folded={isFolded} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopLine site={new URL(env().publicUrl).host}>
          <AccountMenu person={{ ...user, role: role(user.role) }} />
        </TopLine>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[80rem] flex-1 px-6 pt-6 pb-16 outline-none max-md:px-4 max-md:pb-24"
        >
          {children}
        </main>
      </div>
      <BottomBar />
    </div>
  )
}
