import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { isOwnPath, paths } from '@/app/paths'
import { firstOf, type SearchParams } from '@/app/search-params'
import { getSession } from '@/app/session'
import { isFirstRun } from '@/lib/auth/first-run'
import { LoginForm } from './login-form'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth.login'))('title') }
}

/** Logs in, and goes on to where the person wanted to go. */
export default async function LoginPage({ searchParams }: { searchParams: SearchParams }) {
  const asked = firstOf((await searchParams).next)
  const next = isOwnPath(asked) ? asked : paths.overview
  if ((await getSession()) !== undefined) redirect(next)
  if (await isFirstRun()) redirect(paths.firstRun)
  const t = await getTranslations('auth.login')
  return (
    <section className="rounded-card border bg-raised p-6">
      <h1 className="mb-5 font-strong text-xl">{t('title')}</h1>
      <LoginForm next={next} />
    </section>
  )
}
