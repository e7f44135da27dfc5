import { getTranslations } from 'next-intl/server'
import { FailureBanner } from '@/app/_components/failure-banner'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import { TunboardError } from '@/lib/errors'
import type { Host } from '@/lib/lvs/host'
import { presentHostKey, type PresentedKey as Seen } from '@/lib/ops/present-host-key'
import { CompareKey } from './compare-key'

async function read(hostId: string): Promise<Seen | TunboardError> {
  try {
    return await presentHostKey(hostId)
  } catch (error) {
    if (error instanceof TunboardError) return error
    throw error
  }
}

/** What the host shows now: the same key, a new one to approve, another one than approved, or nothing. */
export async function PresentedKey({ host }: { host: Host }) {
  const seen = await read(host.id)
  const t = await getTranslations('hosts.key')
  const back = <LinkButton href={paths.host(host.id)}>{t('back', { name: host.name })}</LinkButton>
  if (seen instanceof TunboardError)
    return (
      <FailureBanner
        failure={seen.toFailure()}
        urgent={false}
        actions={
          <>
            <LinkButton href={paths.hostKey(host.id)} icon="refresh">
              {t('retry')}
            </LinkButton>
            {back}
          </>
        }
      />
    )
  const { presented, approved } = seen
  if (presented.fingerprint === approved?.fingerprint)
    return (
      <Banner tone="ok" icon="key-ok" title={t('same', { name: host.name })} actions={back}>
        <span className="break-all font-mono">{presented.fingerprint}</span>
      </Banner>
    )
  return (
    <CompareKey
      host={{ id: host.id, name: host.name, address: host.address }}
      presented={presented}
      approved={
        approved && {
          fingerprint: approved.fingerprint,
          at: approved.approvedAt.getTime(),
          by: approved.approvedBy,
        }
      }
    />
  )
}
