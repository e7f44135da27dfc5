import { useTranslations } from 'next-intl'
import { APPLY_LOOK, type ApplyWord, type FileKind } from '@/app/_components/apply-state'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { SaveButton } from '@/app/(console)/_saves/save-button'
import { paths, type Subject } from '@/app/paths'
import { Cause, FailedStep } from './apply-outcome'
import type { ApplySnapshot } from './apply-snapshot'

type Ended = Exclude<ApplyWord, 'running' | 'armed' | 'silent' | 'undone'>

const isEnded = (state: ApplySnapshot['state']): state is Ended =>
  state !== 'running' && state !== 'armed' && state !== 'undone'

/** Exits of lib/lvs/put-file.ts that say more than "this command failed". */
const EXITS: Record<number, 'link' | 'moved' | 'notWritten'> = {
  71: 'link',
  72: 'moved',
  73: 'notWritten',
}

/** Why a file was not written, where its command says so by its exit. */
function causeOf({ steps }: ApplySnapshot) {
  const failed = steps.find(({ progress }) => progress.state === 'failed')
  const exit = failed?.progress.exit
  const cause = exit === undefined ? undefined : EXITS[exit]
  return failed?.step.kind !== 'file' || cause === undefined
    ? undefined
    : { cause, path: failed.step.subject, host: failed.step.hostName }
}

/** How it ended for the files, and where to go from here. */
export function FileOutcome({ apply, kind }: { apply: ApplySnapshot; kind: FileKind }) {
  const t = useTranslations('saves.outcome')
  const { state, subject } = apply
  if (!isEnded(state)) return null
  const { tone, icon } = APPLY_LOOK[state]
  const isWell = state === 'verified'
  const cause = causeOf(apply)
  const hosts = new Set(apply.steps.map(({ step }) => step.hostId)).size
  return (
    <Banner
      tone={tone}
      icon={icon}
      title={isWell ? t(`${kind}.what`, { hosts }) : t(`${state}.what`)}
      actions={
        <>
          {kind === 'uninstall' ? (
            <LinkButton href={paths.host(subject.id)} icon="host">
              {t('openHost')}
            </LinkButton>
          ) : (
            <LinkButton
              href={paths.saved(subject)}
              variant={isWell ? 'primary' : 'secondary'}
              icon="save"
            >
              {t('openSaved')}
            </LinkButton>
          )}
          {kind === 'save' && !isWell && (
            <LinkButton href={paths.savePlan(subject)} variant="primary" icon="plan">
              {t('newPlan')}
            </LinkButton>
          )}
          <LinkButton href={paths.saves(subject)} icon="history">
            {t('history')}
          </LinkButton>
        </>
      }
    >
      {cause !== undefined && (
        <p className="mb-1">{t(`cause.${cause.cause}`, { path: cause.path, host: cause.host })}</p>
      )}
      <p>{isWell ? t(`${kind}.todo`) : t(`${state}.todo`)}</p>
      <Cause apply={apply} />
      {state === 'failed' && cause === undefined && <FailedStep apply={apply} />}
    </Banner>
  )
}

/** The next thing to do after an apply that runs as desired. */
export function NotSaved({ subject, mayChange }: { subject: Subject; mayChange: boolean }) {
  const t = useTranslations('saves.notSaved')
  return (
    <Banner
      tone="neutral"
      icon="save"
      title={t('title')}
      actions={
        <>
          <SaveButton scope={subject} mayChange={mayChange} />
          <LinkButton href={paths.savePlan(subject)} variant="quiet" icon="plan">
            {t('review')}
          </LinkButton>
        </>
      }
    >
      {t('text')}
    </Banner>
  )
}
