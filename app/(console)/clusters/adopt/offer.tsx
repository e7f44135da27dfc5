import { getTranslations } from 'next-intl/server'
import { useReasonText } from '@/app/_components/reason-words'
import { Age } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import type { Reason } from '@/lib/lvs/reason'
import type { HostRef } from '@/lib/lvs/running'
import { formatServiceKey } from '@/lib/lvs/service'
import { previewAdoption, readAdoptOffer } from '@/lib/ops/adopt-cluster'
import { AdoptButton } from './adopt-button'
import { Choices } from './choices'
import { Preview } from './preview'

/** What a person chose so far: it is in the address. */
export type Query = { services: string[]; name?: string; dip?: string }

function NotOffered({ title, why }: { title: string; why: Reason }) {
  const text = useReasonText()
  const { what, todo } = text(why)
  return (
    <Banner tone="bad" icon="refused" title={title}>
      {what} {todo}
    </Banner>
  )
}

/** What runs on the chosen director, what would be adopted of it, and the button. */
export async function Offer({ director, query }: { director: HostRef; query: Query }) {
  const t = await getTranslations('adopt')
  const read = await readAdoptOffer(director.id)
  const { offer, unread, readAt } = read
  if (offer.refused !== undefined)
    return <NotOffered title={t('refused', { host: director.name })} why={offer.refused} />
  const free = offer.services.flatMap(({ service, refused }) =>
    refused === undefined ? [formatServiceKey(service.key)] : [],
  )
  const services = query.services.length === 0 ? free : query.services
  const name = query.name ?? ''
  const dip = query.dip
  const form = { name, services, ...(dip !== undefined && { dip }) }
  const preview = previewAdoption(read, form)
  return (
    <>
      <Choices {...{ offer, directorId: director.id, chosen: services, name, dip }} />
      <p className="text-muted text-sm">
        {t.rich('read', { age: () => <Age at={readAt.getTime()} /> })}
      </p>
      {preview === undefined ? (
        <Banner tone="info" title={t('chooseFirst')} />
      ) : (
        <>
          <Preview adoption={preview.adoption} unread={unread.map(({ host }) => host.name)} />
          <AdoptButton
            {...{ directorId: director.id, name, services, fingerprint: preview.fingerprint }}
            dip={preview.adoption.desired.directors[0]?.dip ?? ''}
          />
        </>
      )}
    </>
  )
}
