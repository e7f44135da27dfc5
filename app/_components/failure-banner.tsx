import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Banner } from '@/app/_ui/banner'
import { CodeBlock } from '@/app/_ui/code'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
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

/** A lock that is in the way: who holds it, and where it can be seen and broken. */
function LockLinks({ apply }: { apply: unknown }) {
  const t = useTranslations('locks')
  return (
    <>
      {typeof apply === 'string' && (
        <LinkButton href={paths.apply(apply)} size="sm">
          {t('seeApply')}
        </LinkButton>
      )}
      <LinkButton href={paths.locks} size="sm">
        {t('see')}
      </LinkButton>
    </>
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
  const own = failure.reason === 'locked' && <LockLinks apply={failure.values.apply} />
  return (
    <Banner
      tone="bad"
      title={words.what}
      urgent={urgent}
      actions={actions ?? (own === false ? undefined : own)}
    >
      {words.todo}
      {failure.output !== undefined && <Output output={failure.output} />}
    </Banner>
  )
}
