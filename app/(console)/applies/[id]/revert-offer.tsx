import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useWords } from '@/app/_components/use-words'
import { Age } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { LinkButton } from '@/app/_ui/link-button'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import type { ApplySnapshot, RevertSnapshot } from './apply-snapshot'

type Props = { apply: ApplySnapshot }

/** Leads to the plan of taking it back; where that cannot be, it says why. */
function ToRevert({ apply, label, isFirst }: Props & { label: string; isFirst: boolean }) {
  const words = useWords()
  const { revert } = apply
  if (revert === undefined) return null
  const { obstacle } = revert
  if (obstacle === undefined)
    return (
      <LinkButton href={paths.applyRevert(apply.id)} icon="undo">
        {label}
      </LinkButton>
    )
  // nothing went on from here: the reason is of use only where somebody looks for the button
  const { what, todo } = words.failure(obstacle)
  return (
    <Button
      variant={isFirst ? 'secondary' : 'quiet'}
      icon="undo"
      disabledReason={`${what}. ${todo}`}
    >
      {label}
    </Button>
  )
}

/** Among the actions of an apply that came to its end. */
export function RevertButton({ apply }: Props) {
  const t = useTranslations('revert')
  return <ToRevert apply={apply} label={t('button')} isFirst={false} />
}

/** What an apply that did not come to its end offers, until somebody went back: on to what was wanted, or back. */
export function FinishOrGoBack({ apply }: Props) {
  const t = useTranslations('revert.offer')
  if (apply.revert?.takenBack !== undefined) return null
  return (
    <>
      <LinkButton href={paths.clusterPlan(apply.subject.id)} variant="primary" icon="plan">
        {t('finish')}
      </LinkButton>
      <ToRevert apply={apply} label={t('goBack')} isFirst />
    </>
  )
}

const link = (id: string) => (chunks: ReactNode) => (
  <TextLink href={paths.apply(id)}>{chunks}</TextLink>
)

function ByItself({ apply, revert }: Props & { revert: RevertSnapshot }) {
  const t = useTranslations('revert.byItself')
  const { takenBack, refused } = revert
  if (takenBack?.byItself === true)
    return (
      <Banner tone="info" icon="undo" title={t('title')}>
        {t.rich('text', { link: link(takenBack.id) })}
      </Banner>
    )
  if (refused === undefined || takenBack !== undefined) return null
  return (
    <Banner
      tone="warn"
      title={t('refusedTitle')}
      actions={
        <LinkButton href={paths.applyRevert(apply.id)} icon="undo" size="sm">
          {t('look')}
        </LinkButton>
      }
    >
      {t(refused)}
    </Banner>
  )
}

/** What became of it by a revert, or which apply it takes back itself. */
export function RevertNotes({ apply }: Props) {
  const t = useTranslations('revert')
  const { revert } = apply
  if (revert === undefined) return null
  const { takenBack, takesBack, byItself } = revert
  return (
    <>
      <ByItself apply={apply} revert={revert} />
      {takenBack !== undefined && !takenBack.byItself && (
        <p className="text-muted text-sm">
          {t.rich('takenBack', {
            ...{ link: link(takenBack.id), name: takenBack.by },
            age: () => <Age at={takenBack.at} />,
          })}
        </p>
      )}
      {takesBack !== undefined && (
        <p className="text-muted text-sm">
          {t.rich('takesBack', { link: link(takesBack) })} {byItself && t('byItself.by')}
        </p>
      )}
    </>
  )
}
