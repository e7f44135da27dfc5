import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Banner } from '@/app/_ui/banner'
import { CodeBlock } from '@/app/_ui/code'
import type { Failure } from '@/lib/errors'
import { useWords } from './use-words'

function Output({ output }: { output: NonNullable<Failure['output']> }) {
  const t = useTranslations('errors.output')
  const printed = [output.stdout, output.stderr].filter((text) => text !== '').join('\n')
  return (
    <div className="mt-3">
      <CodeBlock text={output.argv.join(' ')} prompt="#" wrap />
      <p className="mt-2 mb-1 text-muted text-sm">
        {output.exit === undefined ? t('noExit') : t('exit', { exit: output.exit })}
      </p>
      {printed === '' ? (
        <p className="text-sm">{t('silent')}</p>
      ) : (
        <CodeBlock text={printed} wrap />
      )}
    </div>
  )
}

/** What failed, on which host, and what to do; with the command and what it printed, where there is one. */
export function FailureBanner({
  failure,
  actions,
  urgent = true,
}: {
  failure: Failure
  actions?: ReactNode
  /** Announced at once by screen readers: for what a person has just done. */
  urgent?: boolean
}) {
  const words = useWords().failure(failure)
  return (
    <Banner tone="bad" title={words.what} urgent={urgent} actions={actions}>
      {words.todo}
      {failure.output !== undefined && <Output output={failure.output} />}
    </Banner>
  )
}
