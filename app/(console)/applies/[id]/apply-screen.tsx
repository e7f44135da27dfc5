'use client'

import { useTranslations } from 'next-intl'
import { APPLY_LOOK, type ApplyWord, applyWord, isFileKind } from '@/app/_components/apply-state'
import { HostNotes } from '@/app/_components/host-notes'
import { useReasonText } from '@/app/_components/reason-words'
import { RefreshEvery } from '@/app/_components/refresh-every'
import { StepList, ToggleCommands, useOpenSteps } from '@/app/_components/step-list'
import type { StepProgress } from '@/app/_components/step-progress'
import { Age } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { PageHead } from '@/app/_ui/page-head'
import { State } from '@/app/_ui/state'
import { useSeconds } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import { ApplyOutcome } from './apply-outcome'
import { ApplyProgress } from './apply-progress'
import type { ApplySnapshot } from './apply-snapshot'
import { ApplyUndo } from './apply-undo'
import { ApplyWatch } from './apply-watch'
import { FileOutcome, NotSaved } from './file-outcome'
import { RecoveryOutcome } from './recovery-outcome'
import { RevertButton, RevertNotes } from './revert-offer'
import { useApplyEvents } from './use-apply-events'

/** The watch goes on for seconds after the apply has ended: the page listens until it is done. */
const isGoingOn = ({ state, watch }: ApplySnapshot): boolean =>
  state === 'running' || watch?.state === 'watching'

function Started({ apply }: { apply: ApplySnapshot }) {
  const t = useTranslations('apply')
  const inSeconds = useSeconds()
  const { startedBy, startedAt, endedAt } = apply
  const seconds = endedAt === undefined ? undefined : inSeconds(endedAt - startedAt)
  return (
    <span>
      {t.rich('by', { name: startedBy, age: () => <Age at={startedAt} /> })}
      {seconds !== undefined && ` · ${t('took', { seconds })}`}
    </span>
  )
}

/** What was done although the plan asked back, and who said so. */
function Accepted({ by, reasons }: { by: string; reasons: ApplySnapshot['accepted'] }) {
  const t = useTranslations('apply')
  const text = useReasonText()
  if (reasons.length === 0) return null
  const said = reasons.map((why) => text(why).what)
  return (
    <Banner tone="neutral" icon="warn" title={t('accepted', { name: by, count: said.length })}>
      <ul className="list-inside list-disc">
        {said.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </Banner>
  )
}

/** Where the list is in which this apply stands. */
const parentOf = ({ subject }: ApplySnapshot): string =>
  subject.kind === 'cluster' ? paths.cluster(subject.id, 'history') : paths.host(subject.id)

/** How it ended: of one that was cut short what its hosts said afterwards, as soon as they were read. */
function Outcome({ apply, word }: { apply: ApplySnapshot; word: ApplyWord }) {
  const { recovery, kind, state } = apply
  if (state === 'interrupted' && recovery !== undefined)
    return <RecoveryOutcome apply={apply} recovery={recovery} />
  return isFileKind(kind) ? (
    <FileOutcome apply={apply} kind={kind} />
  ) : (
    <ApplyOutcome apply={apply} word={word} />
  )
}

/** It came to its end: whoever wants to go back looks at the head of the page. Else the banner offers it. */
const isSettled = ({ state, recovery }: ApplySnapshot): boolean =>
  state === 'verified' || (state === 'interrupted' && recovery?.state === 'applied')

/** The plan's rows, now with what became of them. */
export function ApplyScreen({ apply, mayChange }: { apply: ApplySnapshot; mayChange: boolean }) {
  const t = useTranslations('apply')
  const { kind, subject } = apply
  const heard = useApplyEvents(apply.id, isGoingOn(apply))
  const isRunning = apply.state === 'running'
  const progress = new Map<number, StepProgress>(
    apply.steps.map(({ progress: known }, position) => [
      position,
      (isRunning ? heard.steps.get(position) : undefined) ?? known,
    ]),
  )
  const failed = [...progress].flatMap(([position, { state }]) =>
    state === 'failed' && apply.steps[position]?.step.mayFail !== true ? [position] : [],
  )
  const open = useOpenSteps(failed)
  const word = applyWord(apply.state, apply.watch)
  const { tone, icon } = APPLY_LOOK[word]
  return (
    <>
      <PageHead
        parent={{ href: parentOf(apply), label: subject.name }}
        title={t('of', { kind: t(`kind.${kind}`), name: subject.name })}
        state={
          <>
            <State tone={tone} icon={icon}>
              {t(`state.${word}`)}
            </State>
            <Started apply={apply} />
          </>
        }
        actions={
          <>
            <ToggleCommands open={open} />
            {isSettled(apply) && <RevertButton apply={apply} />}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        {apply.undo !== undefined && (
          <ApplyUndo applyId={apply.id} undo={apply.undo} mayChange={mayChange} />
        )}
        {!isRunning && apply.state !== 'armed' && <Outcome apply={apply} word={word} />}
        <RevertNotes apply={apply} />
        {apply.state === 'interrupted' && <RefreshEvery seconds={5} />}
        {!isRunning && apply.isUnsaved && <NotSaved subject={subject} mayChange={mayChange} />}
        <Accepted by={apply.startedBy} reasons={apply.accepted} />
        {apply.watch !== undefined && <ApplyWatch watch={apply.watch} />}
        {isFileKind(kind) && <HostNotes notes={apply.notes} />}
        <StepList steps={apply.steps.map(({ step }) => step)} open={open} progress={progress} />
        {isRunning && <ApplyProgress progress={progress} phase={heard.phase} />}
      </div>
    </>
  )
}
