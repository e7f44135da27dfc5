import { useTranslations } from 'next-intl'
import { useSaidValues } from '@/app/_components/said-values'
import { Age } from '@/app/_ui/age'
import { Card } from '@/app/_ui/card'
import { Countdown } from '@/app/_ui/countdown'
import { Icon } from '@/app/_ui/icon'
import { LinkButton } from '@/app/_ui/link-button'
import { TONE_ICON, TONE_TEXT } from '@/app/_ui/tone'
import { paths } from '@/app/paths'
import type { Need } from './needs'

/** More than this and nothing stands out. */
const SHOWN = 5

const HREF: Record<Need['code'], (id: string) => string> = {
  lost: (id) => paths.cluster(id),
  failed: (id) => paths.cluster(id, 'history'),
  interrupted: (id) => paths.cluster(id, 'history'),
  notVerified: paths.clusterPlan,
  changed: paths.clusterPlan,
  never: paths.clusterPlan,
  debt: (id) => paths.host(id),
  key: paths.hostKey,
  owned: (id) => paths.host(id),
  untested: (id) => paths.host(id),
  unsaved: (id) => paths.savePlan({ kind: 'cluster', id }),
  notLoaded: (id) => paths.saved({ kind: 'cluster', id }),
  returns: (id) => paths.savePlan({ kind: 'cluster', id }),
  drift: (id) => paths.cluster(id, 'drift'),
  armed: (id) => paths.apply(id),
  undone: (id) => paths.apply(id),
  edited: (id) => paths.saved({ kind: 'host', id }),
}

function NeedRow({ need }: { need: Need }) {
  const t = useTranslations('overview.need')
  const said = useSaidValues()
  const { code, tone } = need
  const values = { cluster: '', host: '', owner: '', count: 0, item: '', ...said(need.values) }
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className={TONE_TEXT[tone]}>
        <Icon name={TONE_ICON[tone]} />
      </span>
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words font-strong">{t(code, values)}</p>
        <p className="text-pretty text-muted text-sm">
          {need.since !== undefined && (
            <>{t.rich('since', { age: () => <Age at={need.since ?? 0} /> })} </>
          )}
          {need.until !== undefined && (
            <>
              {t.rich('left', {
                time: () => (
                  <Countdown to={need.until ?? 0} className="font-mono text-ink tabular-nums" />
                ),
              })}{' '}
            </>
          )}
          {t(`${code}Text`)}
        </p>
      </div>
      <LinkButton href={HREF[code](need.subjectId)} size="sm">
        {t(`${code}Action`)}
      </LinkButton>
    </li>
  )
}

/** What needs a person, each with its action; the worst five. */
export function NeedList({ needs }: { needs: readonly Need[] }) {
  const t = useTranslations('overview')
  return (
    <Card id="needs" title={t('attention')} padded={false}>
      <ul className="divide-y">
        {needs.slice(0, SHOWN).map((need) => (
          <NeedRow key={need.id} need={need} />
        ))}
        {needs.length > SHOWN && (
          <li className="px-4 py-2.5 text-muted text-sm">
            {t('more', { count: needs.length - SHOWN })}
          </li>
        )}
      </ul>
    </Card>
  )
}
