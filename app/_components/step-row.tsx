'use client'

import { useTranslations } from 'next-intl'
import { CodeBlock } from '@/app/_ui/code'
import { cx } from '@/app/_ui/cx'
import { Disclosure } from '@/app/_ui/disclosure'
import { Icon } from '@/app/_ui/icon'
import { shellLine } from '@/lib/lvs/shell-words'
import { FileDiffView } from './file-diff-view'
import { useReasonText } from './reason-words'
import { type StepProgress, StepState } from './step-progress'
import { StepChange, StepSign, StepTitle } from './step-title'
import type { StepView } from './step-view'

type Props = {
  step: StepView
  position: number
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
  /** How far it is, once the plan is being applied. */
  progress?: StepProgress | undefined
}

/** One step: what, from which value to which, why; its command and undo are one click away. */
export function StepRow({ step, position, isOpen, onToggle, progress }: Props) {
  const reasonText = useReasonText()
  const isDim = progress?.state === 'skipped'
  return (
    <li
      aria-current={progress?.state === 'running' ? 'step' : undefined}
      className={cx('border-t first:border-t-0', isDim && 'text-muted')}
    >
      <details
        open={isOpen}
        onToggle={(event) => onToggle(event.currentTarget.open)}
        className="group/step"
      >
        <summary className="grid list-none grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1 px-4 sm:grid-cols-[auto_minmax(0,1fr)_auto_auto] py-2.5 transition-colors hover:bg-hover [&::-webkit-details-marker]:hidden">
          <span className="flex items-center gap-2">
            <span className="w-5 text-right font-mono text-muted text-xs leading-5 max-sm:hidden">
              {position + 1}
            </span>
            <StepSign change={step.change} />
          </span>
          <span className="min-w-0">
            <span className="flex flex-wrap items-center gap-x-3">
              <span className="min-w-0 font-strong">
                <StepTitle step={step} />
              </span>
              <StepChange step={step} />
            </span>
            <span className="block max-w-[84ch] text-pretty text-muted text-sm">
              {reasonText(step.why).what}
            </span>
            <Connections step={step} />
          </span>
          {progress !== undefined && (
            <span className="max-sm:col-start-2 max-sm:row-start-2">
              <StepState progress={progress} mayFail={step.mayFail} />
            </span>
          )}
          <Icon
            name="chevron-right"
            size={14}
            className="mt-[3px] text-muted transition-transform group-open/step:rotate-90 max-sm:col-start-3 max-sm:row-start-1 sm:col-start-4"
          />
        </summary>
        <StepDetails step={step} progress={progress} />
      </details>
    </li>
  )
}

function Connections({ step }: { step: StepView }) {
  const t = useTranslations('plan')
  const { connections, change } = step
  if (connections === undefined || connections === 0) return null
  return (
    <span className="mt-0.5 flex items-center gap-1.5 text-sm text-warn">
      <Icon name="warn" size={14} />
      {t(change === 'remove' ? 'cuts' : 'leaves', { count: connections })}
    </span>
  )
}

/** A file's command is a page of shell with the text left out: what changes says more, and it is one click further. */
function FileDetails({ step, progress }: Pick<Props, 'step' | 'progress'>) {
  const t = useTranslations('plan')
  const { argv, diff, subject } = step
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2.5 px-4 pt-1 pb-3.5 sm:pl-[4.75rem]">
      {diff !== undefined && <FileDiffView diff={diff} path={subject} />}
      <Disclosure summary={t('command')}>
        <CodeBlock text={shellLine(argv)} prompt="#" copyLabel={t('copyCommand')} wrap />
        {diff !== undefined && diff.to === 'there' && (
          <p className="mt-1 text-muted text-sm">{t('standardInput')}</p>
        )}
      </Disclosure>
      {progress !== undefined && <Output progress={progress} />}
    </div>
  )
}

function StepDetails({ step, progress }: Pick<Props, 'step' | 'progress'>) {
  const t = useTranslations('plan')
  const { argv, undo, kind } = step
  if (kind === 'file') return <FileDetails step={step} progress={progress} />
  return (
    <div className="grid gap-2 pt-1.5 pr-4 pb-3.5 pl-4 sm:pl-[4.75rem]">
      {argv.length === 0 ? (
        <p className="text-muted text-sm">{t('noCommand')}</p>
      ) : (
        <Labelled label={t('command')}>
          <CodeBlock text={shellLine(argv)} prompt="#" copyLabel={t('copyCommand')} wrap />
        </Labelled>
      )}
      {undo !== undefined && (
        <Labelled label={t('undo')}>
          <CodeBlock text={shellLine(undo)} prompt="#" copyLabel={t('copyUndo')} wrap />
        </Labelled>
      )}
      {progress !== undefined && <Output progress={progress} />}
    </div>
  )
}

function Output({ progress }: { progress: StepProgress }) {
  const t = useTranslations('apply.step')
  const { stdout = '', stderr = '', exit } = progress
  const text = [stdout, stderr].filter((part) => part !== '').join('\n')
  if (exit === undefined && text === '') return null
  return (
    <Labelled label={exit === undefined ? t('output') : t('outputExit', { exit })}>
      {text === '' ? (
        <p className="py-1 text-muted text-sm">{t('silent')}</p>
      ) : (
        <CodeBlock text={text.trimEnd()} copyLabel={t('copyOutput')} wrap />
      )}
    </Labelled>
  )
}

function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-x-3 gap-y-0.5 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
      <p className="text-muted text-sm sm:pt-1.5">{label}</p>
      {children}
    </div>
  )
}
