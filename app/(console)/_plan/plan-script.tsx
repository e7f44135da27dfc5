import { useTranslations } from 'next-intl'
import { groupSteps } from '@/app/_components/plan-groups'
import { CodeBlock } from '@/app/_ui/code'
import { Disclosure } from '@/app/_ui/disclosure'
import type { Step } from '@/lib/lvs/plan'
import { shellLine } from '@/lib/lvs/shell-words'

/** Writes a plan as lines for sh(1), with the host above its commands: to read, keep, or run by hand. */
export function planScript(steps: readonly Step[]): string {
  const parts = groupSteps(steps).map((group) => {
    const commands = group.steps.filter(({ step }) => step.argv.length > 0)
    return [`# on ${group.hostName}`, ...commands.map(({ step }) => shellLine(step.argv))]
  })
  return parts.map((lines) => lines.join('\n')).join('\n\n')
}

/** The whole plan as a script, with copy. */
export function PlanScript({ steps }: { steps: readonly Step[] }) {
  const t = useTranslations('plan')
  return (
    <Disclosure summary={t('script')}>
      <CodeBlock text={planScript(steps)} copyLabel={t('copyScript')} />
    </Disclosure>
  )
}
