import { useTranslations } from 'next-intl'
import { useReasonText } from '@/app/_components/reason-words'
import { Button } from '@/app/_ui/button'
import { Card } from '@/app/_ui/card'
import { CheckboxListField } from '@/app/_ui/checkbox-list-field'
import { Chip } from '@/app/_ui/chip'
import { SelectField } from '@/app/_ui/select-field'
import { TextField } from '@/app/_ui/text-field'
import { paths } from '@/app/paths'
import type { AdoptOffer } from '@/lib/lvs/adopt'
import { formatServiceKey } from '@/lib/lvs/service'

type Offered = AdoptOffer['services'][number]

function Entries({ service }: Offered) {
  const t = useTranslations('adopt')
  const weights = service.realServers.map(
    ({ key, config }) => `${key.rip} (${t('weight', { weight: config.weight })})`,
  )
  return (
    <>
      {t('entries', { count: weights.length })}
      {weights.length > 0 && (
        <span className="break-words font-mono">: {weights.slice(0, 8).join(', ')}</span>
      )}
      {weights.length > 8 && ` ${t('andMore', { count: weights.length - 8 })}`}
    </>
  )
}

/** What runs there and is somebody's already, with whose. */
function Refused({ services }: { services: readonly Offered[] }) {
  const text = useReasonText()
  if (services.length === 0) return null
  return (
    <ul className="text-muted text-sm">
      {services.map(
        ({ service, refused }) =>
          refused !== undefined && (
            <li key={formatServiceKey(service.key)}>{text(refused).what}</li>
          ),
      )}
    </ul>
  )
}

/** Which of a director's services, under which name: a change of it shows anew what would be adopted. */
export function Choices({
  offer,
  directorId,
  chosen,
  name,
  dip,
}: {
  offer: AdoptOffer
  directorId: string
  chosen: readonly string[]
  name: string
  dip: string | undefined
}) {
  const t = useTranslations('adopt')
  const free = offer.services.filter(({ refused }) => refused === undefined)
  return (
    <Card title={t('services')} note={t('servicesNote')}>
      <form
        method="get"
        action={paths.clusterAdopt()}
        className="flex max-w-[48rem] flex-col gap-5"
      >
        <input type="hidden" name="director" value={directorId} />
        <CheckboxListField
          name="service"
          label={t('which')}
          defaultValues={chosen}
          options={free.map((offered) => ({
            value: formatServiceKey(offered.service.key),
            label: (
              <span className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-mono">{formatServiceKey(offered.service.key)}</span>
                <Chip mono>{offered.service.config.scheduler}</Chip>
              </span>
            ),
            help: <Entries {...offered} />,
          }))}
        />
        <Refused services={offer.services.filter(({ refused }) => refused !== undefined)} />
        <TextField name="name" label={t('name')} defaultValue={name} className="max-w-96" />
        <SelectField
          name="dip"
          label={t('dip')}
          help={t('dipHelp')}
          defaultValue={dip ?? offer.dips[0]}
          options={offer.dips.map((address) => ({ value: address, label: address }))}
          className="max-w-96"
          mono
        />
        <Button type="submit" className="self-start">
          {t('show')}
        </Button>
      </form>
    </Card>
  )
}
