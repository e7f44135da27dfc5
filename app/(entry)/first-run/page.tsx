import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { paths } from '@/app/paths'
import { isFirstRun } from '@/lib/auth/first-run'
import { FirstRunForm } from './first-run-form'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth.firstRun'))('title') }
}

/** Makes the administrator's account, once; then nobody can sign up. */
export default async function FirstRunPage() {
  if (!(await isFirstRun())) redirect(paths.login())
  const t = await getTranslations('auth.firstRun')
  return (
    <section className="rounded-card border bg-raised p-6">
      <h1 className="font-strong text-xl">{t('title')}</h1>
      <p className="mt-1 mb-5 text-pretty text-muted">{t('text')}</p>
      <FirstRunForm />
    </section>
  )
}
