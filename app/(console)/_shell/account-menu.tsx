'use client'

import { useTranslations } from 'next-intl'
import { startTransition } from 'react'
import { buttonClass } from '@/app/_ui/button-class'
import { Icon } from '@/app/_ui/icon'
import { Menu } from '@/app/_ui/menu'
import { paths } from '@/app/paths'
import { logOutAction } from './actions'

type Person = { name: string; email: string; role: string }

/** Who I am, and the way out. */
export function AccountMenu({ person }: { person: Person }) {
  const t = useTranslations('common.me')
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('menu', { name: person.name })}
          className={`${buttonClass('quiet')} max-w-56`}
        >
          <Icon name="person" />
          <span className="truncate font-normal max-sm:hidden">{person.name}</span>
        </button>
      }
      head={
        <div className="min-w-0 text-sm">
          <p className="truncate font-strong">{person.name}</p>
          <p className="truncate text-muted">{person.email}</p>
          <p className="mt-1 text-muted">{person.role}</p>
        </div>
      }
      entries={[
        { label: t('settings'), icon: 'settings', href: paths.settings },
        'separator',
        {
          label: t('logOut'),
          icon: 'log-out',
          onSelect: () =>
            startTransition(async () => {
              await logOutAction(undefined, new FormData())
            }),
        },
      ]}
    />
  )
}
