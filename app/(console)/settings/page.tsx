import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '@/app/_ui/card'
import { Facts } from '@/app/_ui/facts'
import { PageHead } from '@/app/_ui/page-head'
import { requireSession } from '@/app/session'
import { parseTheme, THEME_COOKIE } from '@/app/theme'
import { reaches } from '@/lib/auth/roles'
import { getRadarSeconds } from '@/lib/ops/radar-settings'
import { NameForm, PasswordForm } from './account-forms'
import { AppearanceForm } from './appearance-form'
import { RadarForm } from './radar-form'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settings'))('title') }
}

/** What is mine: how Tunboard looks here, my name, my password. */
export default async function SettingsPage() {
  const { user } = await requireSession()
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value)
  const locale = await getLocale()
  const t = await getTranslations('settings')
  const drift = await getTranslations('drift.setting')
  const role = await getTranslations('common.role')
  return (
    <>
      <PageHead title={t('title')} />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <div className="grid grid-cols-1 gap-6">
          <Card id="account" title={t('account.title')}>
            <Facts
              className="mb-5"
              facts={[
                { label: t('account.email'), value: user.email },
                { label: t('account.role'), value: role(user.role) },
              ]}
            />
            <NameForm name={user.name} />
          </Card>
          <Card id="password" title={t('password.title')} note={t('password.note')}>
            <PasswordForm email={user.email} />
          </Card>
        </div>
        <div className="grid grid-cols-1 gap-6">
          <Card id="appearance" title={t('appearance.title')} note={t('appearance.note')}>
            <AppearanceForm theme={theme} locale={locale} />
          </Card>
          {reaches(user.role, 'operator') && (
            <Card id="radar" title={drift('title')} note={drift('note')}>
              <RadarForm seconds={await getRadarSeconds()} />
            </Card>
          )}
        </div>
      </div>
    </>
  )
}
