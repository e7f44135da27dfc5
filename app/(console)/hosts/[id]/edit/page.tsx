import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Card } from '@/app/_ui/card'
import { PageHead } from '@/app/_ui/page-head'
import { orNotFound } from '@/app/or-not-found'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { getHost } from '@/lib/db/hosts'
import { env } from '@/lib/env'
import { EditHostForm } from './edit-host-form'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession('operator')
  const { name } = await orNotFound(getHost((await params).id))
  return { title: (await getTranslations('hosts.form'))('editTitle', { name }) }
}

/** Changes how a host is reached. Its secrets are not sent to the browser. */
export default async function EditHostPage({ params }: Props) {
  await requireSession('operator')
  const host = await orNotFound(getHost((await params).id))
  const t = await getTranslations('hosts.form')
  const { name, address, port, user, authKind, become } = host
  return (
    <div className="max-w-2xl">
      <PageHead
        parent={{ href: paths.host(host.id), label: name }}
        title={t('editTitle', { name })}
        state={t('moves')}
      />
      <Card>
        <EditHostForm
          draft={{ name, address, port, user, authKind, become }}
          target={{ hostId: host.id, version: host.version }}
          hasAgent={env().sshAuthSock !== undefined}
        />
      </Card>
    </div>
  )
}
