import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { ApplyWord } from '@/app/_components/apply-state'
import { APPLY_LOOK } from '@/app/_components/apply-state'
import { StepTitle } from '@/app/_components/step-title'
import { useWords } from '@/app/_components/use-words'
import { Banner } from '@/app/_ui/banner'
import { CodeBlock } from '@/app/_ui/code'
import { LinkButton } from '@/app/_ui/link-button'
import { useList } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import { shellLine } from '@/lib/lvs/shell-words'
import type { ApplySnapshot } from './apply-snapshot'
import { FinishOrGoBack } from './revert-offer'

type Props = { apply: ApplySnapshot; word: ApplyWord }

type Outcome = Exclude<ApplyWord, 'running'> | 'answers' | 'noTraffic' | 'check'

/** The step that stopped it. */
const failedStep = ({ steps }: ApplySnapshot) =>
  steps.find(({ step, progress }) => progress.state === 'failed' && !step.mayFail)

/** A verified apply is as good as what its watch has seen; a failed one has more to say where a check stopped it. */
function outcomeOf(word: Exclude<ApplyWord, 'running'>, apply: ApplySnapshot): Outcome {
  if (word === 'failed') return failedStep(apply)?.step.kind === 'check' ? 'check' : word
  const { watch } = apply
  if (word !== 'verified' || watch?.state !== 'done') return word
  const verdicts = watch.entries.map(({ verdict }) => verdict)
  if (verdicts.length === 0) return word
  return verdicts.every((verdict) => verdict === 'answers') ? 'answers' : 'noTraffic'
}

/** Its command and what it printed, at the top where a person looks first. */
export function FailedStep({ apply }: { apply: ApplySnapshot }) {
  const t = useTranslations('apply')
  const failed = failedStep(apply)
  if (failed === undefined) return null
  const { step, progress } = failed
  const { stdout = '', stderr = '', exit } = progress
  const printed = [stdout, stderr].filter((text) => text !== '')
  return (
    <div className="mt-3 grid gap-2">
      <p className="font-strong">
        {step.hostName} · <StepTitle step={step} />
      </p>
      <CodeBlock text={shellLine(step.argv)} prompt="#" wrap />
      {exit !== undefined && <p className="text-muted">{t('step.outputExit', { exit })}</p>}
      {printed.length > 0 && <CodeBlock text={printed.join('\n').trimEnd()} wrap />}
    </div>
  )
}

/** What the failure itself says, where it is more than "this command failed". */
export function Cause({ apply }: { apply: ApplySnapshot }) {
  const t = useTranslations('apply')
  const words = useWords()
  const { failure } = apply
  if (failure === undefined) return null
  // the step that failed stands below with what it printed; what is no step has nowhere else to stand
  if (failure.code === 'CommandFailed' && failure.reason !== 'undo-not-armed') return null
  const { what, todo } = words.failure(failure)
  const difference = failure.values.difference
  // The banner's own words say the rest.
  if (typeof difference === 'string') return <CodeBlock text={difference} className="mt-2" wrap />
  const strong = (chunks: ReactNode) => <span className="font-strong">{chunks}</span>
  return <p className="mt-2">{t.rich('cause', { what, todo, strong })}</p>
}

/** Something of it is done, and something is left: one may go on, or back. */
const UNFINISHED: ReadonlySet<ApplyWord> = new Set(['failed', 'not-verified', 'interrupted'])

/** How it ended, in words, and where to go from here. */
export function ApplyOutcome({ apply, word }: Props) {
  const t = useTranslations('apply')
  const list = useList()
  if (word === 'running') return null
  const outcome = outcomeOf(word, apply)
  const { tone, icon } = APPLY_LOOK[word]
  const isWell = word === 'verified'
  const silent = apply.watch?.entries.filter(({ verdict }) => verdict === 'silent') ?? []
  const servers = list(silent.map(({ item }) => item))
  const failed = failedStep(apply)
  const values = {
    ...{ servers, count: silent.length, subject: failed?.step.subject ?? '' },
    host: failed?.step.hostName ?? String(apply.failure?.values.host ?? apply.subject.name),
  }
  return (
    <Banner
      tone={tone}
      icon={icon}
      title={t(`outcome.${outcome}.what`, values)}
      actions={
        <>
          <LinkButton
            href={paths.subject(apply.subject)}
            variant={isWell ? 'primary' : 'secondary'}
            icon="activity"
          >
            {t(isWell ? 'watchLive' : 'openCluster')}
          </LinkButton>
          {UNFINISHED.has(word) && <FinishOrGoBack apply={apply} />}
        </>
      }
    >
      <p>{t(`outcome.${outcome}.todo`)}</p>
      <Cause apply={apply} />
      {word === 'failed' && <FailedStep apply={apply} />}
    </Banner>
  )
}
