import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Refusals, Waiting } from '@/app/_components/plan-warnings'
import { Age, Moment } from '@/app/_ui/age'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { TextLink } from '@/app/_ui/text-link'
import { useList } from '@/app/_ui/use-format'
import { compareSaves, compareWithNow } from '@/app/(console)/_saves/compare'
import { CompareMenu } from '@/app/(console)/_saves/compare-menu'
import { Reading } from '@/app/(console)/_saves/reading'
import { ComparedFiles, SavedFiles } from '@/app/(console)/_saves/saved-files'
import { orNotFound } from '@/app/or-not-found'
import { paths } from '@/app/paths'
import { firstOf, type SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { getSave, listSaves, type Save } from '@/lib/db/saves'
import { planPutBackNow } from '@/lib/ops/put-back'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

const NOW = 'now'

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const { kind, hostName } = await orNotFound(getSave((await params).id))
  const t = await getTranslations('saves')
  return { title: t('view.title', { kind: t(`history.kind.${kind}`), host: hostName }) }
}

/** The plan to put a save back knows which of its files are not the same any more, and what they say now. */
async function WithNow({ save }: { save: Save }) {
  const { plan, hosts } = await planPutBackNow(save.id)
  const now = new Map(
    plan.steps.flatMap(({ item, before }) =>
      item?.kind === 'file' ? [[item.path, before] as const] : [],
    ),
  )
  const names = Object.fromEntries(hosts.map(({ host }) => [host.id, host.name]))
  return (
    <div className="flex flex-col gap-4">
      <Refusals refusals={plan.refusals} hostNames={names} />
      <Waiting waiting={plan.waiting} />
      {plan.waiting.length === 0 && <ComparedFiles files={compareWithNow(save, now)} />}
    </div>
  )
}

/** With what it is compared, and the way back. */
async function ComparedHead({ save, other }: { save: Save; other: Save | undefined }) {
  const t = await getTranslations('saves.compare')
  const isEarlier = other !== undefined && other.at.getTime() < save.at.getTime()
  const at = () => other !== undefined && <Moment at={other.at.getTime()} />
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <h2 className="min-w-0 flex-1 basis-72 text-pretty font-strong text-lg">
        {other === undefined
          ? t('headNow')
          : t.rich(isEarlier ? 'headEarlier' : 'headLater', { at, by: other.by.name })}
      </h2>
      <LinkButton href={paths.save(save.id)} size="sm" icon="close">
        {t('stop')}
      </LinkButton>
    </div>
  )
}

/** Units that a boot starts since this save. */
function Enabled({ enabled }: Pick<Save, 'enabled'>) {
  return useList()(Object.keys(enabled).filter((name) => enabled[name] === true))
}

async function Head({ save, saves }: { save: Save; saves: readonly Save[] }) {
  const t = await getTranslations('saves')
  const { id, kind, hostId, hostName, by, at, applyId, enabled } = save
  const others = saves.filter((it) => it.id !== id)
  const time = () => <Age at={at.getTime()} />
  return (
    <PageHead
      parent={{ href: paths.saves({ kind: 'host', id: hostId }), label: hostName }}
      title={t('view.title', { kind: t(`history.kind.${kind}`), host: hostName })}
      state={
        <>
          <span>{t.rich('view.by', { name: by.name, age: time })}</span>
          <span aria-hidden>·</span>
          <TextLink href={paths.apply(applyId)}>{t('history.apply')}</TextLink>
          {Object.values(enabled).includes(true) && (
            <span>{t.rich('view.enabled', { units: () => <Enabled enabled={enabled} /> })}</span>
          )}
        </>
      }
      actions={
        <>
          <CompareMenu
            saveId={id}
            others={others.map((it) => ({
              ...{ id: it.id, kind: it.kind, at: it.at.getTime(), by: it.by.name },
            }))}
          />
          <LinkButton href={paths.putBack(id)} icon="undo">
            {t('putBack')}
          </LinkButton>
        </>
      }
    />
  )
}

/** One save of one host: each file as it was written, or compared with another moment. */
export default async function SavePage({ params, searchParams }: Props) {
  await requireSession()
  const save = await orNotFound(getSave((await params).id))
  const saves = await listSaves({ hostIds: [save.hostId], limit: 200 })
  const asked = firstOf((await searchParams).with)
  const other = saves.find(({ id }) => id === asked && id !== save.id)
  const isNow = asked === NOW
  return (
    <>
      <Head save={save} saves={saves} />
      {(isNow || other !== undefined) && <ComparedHead save={save} other={other} />}
      {isNow && (
        <Suspense fallback={<Reading hosts={1} />}>
          <WithNow save={save} />
        </Suspense>
      )}
      {other !== undefined && <ComparedFiles files={compareSaves(saves, save.id, other.id)} />}
      {!isNow && other === undefined && <SavedFiles files={save.files} />}
    </>
  )
}
