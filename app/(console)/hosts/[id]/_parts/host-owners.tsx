import { useTranslations } from 'next-intl'
import { useReasonText } from '@/app/_components/reason-words'
import { Banner } from '@/app/_ui/banner'
import type { HostFacts } from '@/lib/lvs/host-facts'

/** Who else owns IPVS on the host, with the sentence why Tunboard then refuses to plan; and what to know before. */
export function HostOwners({ owners, warnings }: Pick<HostFacts, 'owners' | 'warnings'>) {
  const t = useTranslations('hosts.page')
  const say = useReasonText()
  return (
    <>
      {owners.map(({ name, evidence }) => (
        <Banner key={name} tone="warn" icon="refused" title={t('owner', { owner: name })}>
          {t('ownerText', { owner: name, evidence })}
        </Banner>
      ))}
      {warnings.length > 0 && (
        <Banner tone="warn" title={t('warnings')}>
          <ul className="list-disc pl-4">
            {warnings.map((warning) => {
              const { what, todo } = say(warning)
              return (
                <li key={`${warning.code} ${Object.values(warning.values).join(' ')}`}>
                  {what} {todo}
                </li>
              )
            })}
          </ul>
        </Banner>
      )}
    </>
  )
}
