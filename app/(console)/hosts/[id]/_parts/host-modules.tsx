import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { cx } from '@/app/_ui/cx'
import type { HostFacts } from '@/lib/lvs/host-facts'

/** The modules that matter here: loaded ones in full, others that the kernel has in grey. */
export function HostModules({ modules }: { modules: HostFacts['modules'] }) {
  const t = useTranslations('hosts.page')
  const active = new Set([...modules.loaded, ...modules.builtin])
  const all = [...new Set([...active, ...modules.available])].sort()
  return (
    <Card id="modules" title={t('modules')} note={t('modulesNote')}>
      <ul className="flex flex-wrap gap-1.5">
        {all.map((name) => (
          <li
            key={name}
            className={cx(
              'rounded-chip border px-1.5 font-mono text-xs leading-5',
              active.has(name) ? 'border-control text-text' : 'border-dashed text-muted',
            )}
          >
            {name}
            {!active.has(name) && <span className="sr-only"> {t('notLoaded')}</span>}
          </li>
        ))}
      </ul>
    </Card>
  )
}
