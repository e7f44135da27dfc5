import { getFormatter, getTranslations } from 'next-intl/server'
import { useReasonText } from '@/app/_components/reason-words'
import { Age } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { Card } from '@/app/_ui/card'
import { Disclosure } from '@/app/_ui/disclosure'
import { Icon } from '@/app/_ui/icon'
import { LinkButton } from '@/app/_ui/link-button'
import { State } from '@/app/_ui/state'
import { TextLink } from '@/app/_ui/text-link'
import { PLAIN_LIST } from '@/app/_ui/use-format'
import { paths, type Subject } from '@/app/paths'
import type { Reason } from '@/lib/lvs/reason'
import { formatServiceKey } from '@/lib/lvs/service'
import type { HostSurvival } from '@/lib/ops/check-saved'
import { CheckList } from './check-list'
import { formatIncluded } from './included'
import { VERDICT_TONE } from './survival-looks'
import { SurvivalTable } from './survival-table'

type Read = Extract<HostSurvival, { unreachable?: never }>

/** Why nobody knows, and what to do about it. */
function Unknown({ why }: { why: Reason }) {
  const { what, todo } = useReasonText()(why)
  return (
    <div className="px-4 py-3">
      <p className="font-strong">{what}</p>
      {todo !== undefined && <p className="max-w-[84ch] text-muted text-sm">{todo}</p>}
    </div>
  )
}

/** Somebody changed the files since we wrote them. */
async function Edited({ changed, scope }: { changed: Read['check']['changed']; scope: Subject }) {
  const t = await getTranslations('saves.edited')
  if (changed === undefined) return null
  return (
    <Banner
      tone="warn"
      icon="edit"
      title={t.rich('title', {
        count: changed.paths.length,
        age: () => <Age at={changed.at.getTime()} />,
      })}
      actions={
        <LinkButton href={paths.savePlan(scope)} size="sm" icon="plan">
          {t('action')}
        </LinkButton>
      }
    >
      <ul className="font-mono">
        {changed.paths.map((path) => (
          <li key={path} className="wrap-anywhere">
            {path}
          </li>
        ))}
      </ul>
      <p className="mt-1 text-muted">{t('text')}</p>
    </Banner>
  )
}

/** Services of others that a reboot loses: shown, and saved only by a tick on the plan. */
async function Foreign({ host, unsavedForeign, scope }: Read & { scope: Subject }) {
  const t = await getTranslations('saves.foreign')
  const format = await getFormatter()
  if (unsavedForeign.length === 0) return null
  const services = unsavedForeign.map(({ key }) => formatServiceKey(key))
  const query = new URLSearchParams(
    services.map((service) => ['include', formatIncluded(host.id, service)]),
  )
  return (
    <div className="flex items-start gap-2.5">
      <Icon name="info" className="mt-0.5 text-info" />
      <p className="min-w-0 max-w-[84ch] text-pretty break-words">
        {t('unsaved', { count: services.length })}{' '}
        <span className="font-mono text-sm">{format.list(services, PLAIN_LIST)}</span>
        <span className="block text-muted text-sm">
          {t('unsavedText')}{' '}
          <TextLink href={`${paths.savePlan(scope)}?${query}`}>{t('tick')}</TextLink>
        </span>
      </p>
    </div>
  )
}

/** Where nothing is saved yet every check says so; once is enough. */
async function Checks({ survival: { checks, rows } }: Pick<Read, 'survival'>) {
  const t = await getTranslations('saves.nothingSaved')
  const isBlank =
    rows.length > 0 &&
    rows.every(({ saved, item }) => saved === undefined || item.kind === 'sysctl')
  if (checks.length === 0) return null
  if (!isBlank) return <CheckList checks={checks} />
  const wrong = checks.filter(({ state }) => state !== 'ok')
  return (
    <div className="flex items-start gap-2.5">
      <Icon name="bad" className="mt-0.5 text-bad" />
      <div className="min-w-0 max-w-[84ch] text-pretty">
        <p>
          <span className="font-strong">{t('what')}</span>
          <span className="block text-muted text-sm">{t('todo')}</span>
        </p>
        <div className="mt-1">
          <Disclosure summary={t('why', { count: wrong.length })}>
            <CheckList checks={checks} />
          </Disclosure>
        </div>
      </div>
    </div>
  )
}

async function Body({ read, scope }: { read: Read; scope: Subject }) {
  const t = await getTranslations('saves')
  const { host, survival, evidence, distribution, check } = read
  return (
    <>
      <div className="grid gap-3 p-4">
        <Edited changed={check.changed} scope={scope} />
        {evidence === 'documentation' && (
          <p className="flex items-start gap-2.5">
            <Icon name="info" className="mt-0.5 text-info" />
            <span className="max-w-[84ch] text-pretty">
              <span className="font-strong">{t('evidence.title')}</span>
              <span className="block text-muted text-sm">
                {t('evidence.text', { distribution })}
              </span>
            </span>
          </p>
        )}
        <Checks survival={survival} />
        <Foreign {...read} scope={scope} />
        {survival.state === 'nothing' && <p className="text-muted text-sm">{t('nothingText')}</p>}
      </div>
      {survival.rows.length > 0 && (
        <div className="border-t">
          <SurvivalTable hostName={host.name} rows={survival.rows} />
        </div>
      )}
    </>
  )
}

/** One host: would it come back from a reboot as desired, why, and each item three ways. */
export async function HostSurvivalCard({
  read,
  scope,
  isFolded = false,
  isOwnPage = false,
}: {
  read: HostSurvival
  /** On the page of the host itself its name says nothing. */
  isOwnPage?: boolean
  /** What is saved where its buttons lead. */
  scope: Subject
  /** Where many hosts are well, one line for each is enough. */
  isFolded?: boolean
}) {
  const t = await getTranslations('saves')
  const { host, survival } = read
  const id = isOwnPage ? 'saved' : `saved-${host.id}`
  return (
    <Card
      id={id}
      padded={false}
      title={
        isOwnPage ? (
          t('question')
        ) : (
          <span className="flex items-center gap-2">
            <Icon name="host" className="text-muted" />
            <TextLink href={paths.host(host.id)} strong>
              {host.name}
            </TextLink>
          </span>
        )
      }
      actions={
        survival === undefined ? (
          <State tone="unknown" icon="unplugged">
            {t('verdict.unknown')}
          </State>
        ) : (
          <State tone={VERDICT_TONE[survival.state]}>{t(`verdict.${survival.state}`)}</State>
        )
      }
    >
      {survival === undefined ? (
        <Unknown why={read.unreachable} />
      ) : isFolded ? (
        <div className="px-4 py-2.5">
          <Disclosure summary={t('whatIsSaved', { count: survival.rows.length })}>
            <div className="-mx-4 -mb-2.5">
              <Body read={read} scope={scope} />
            </div>
          </Disclosure>
        </div>
      ) : (
        <Body read={read} scope={scope} />
      )}
    </Card>
  )
}
