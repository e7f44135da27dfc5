'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { CheckboxListField } from '@/app/_ui/checkbox-list-field'
import { SelectField } from '@/app/_ui/select-field'
import { isScheduler, SCHEDULER_NAMES, SCHEDULERS } from '@/lib/lvs/scheduler'
import type { ServiceConfig } from '@/lib/lvs/service'

/** Which real server gets the next connection, with what each scheduler promises, and its flags where it has any. */
export function SchedulerFields({
  prefix,
  schedulers,
  config,
}: {
  prefix: string
  schedulers: readonly string[] | undefined
  config: ServiceConfig | undefined
}) {
  const t = useTranslations('clusters.form.scheduler')
  const [chosen, setChosen] = useState(config?.scheduler ?? 'rr')
  const flags = isScheduler(chosen) ? SCHEDULERS[chosen].flags : []
  return (
    <>
      <SelectField
        name={`${prefix}scheduler`}
        label={t('label')}
        help={isScheduler(chosen) ? t(`does.${chosen}`) : undefined}
        defaultValue={chosen}
        onChange={setChosen}
        mono
        options={SCHEDULER_NAMES.map((name) => ({
          value: name,
          label: name,
          help: t(`does.${name}`),
          disabledReason:
            schedulers === undefined || schedulers.includes(name) ? undefined : t('missing'),
        }))}
      />
      {flags.length > 0 && (
        <CheckboxListField
          key={chosen}
          name={`${prefix}flags`}
          label={t('flags')}
          help={t('flagsHelp')}
          defaultValues={config?.flags ?? []}
          options={flags.map((flag) => ({
            value: flag,
            label: <span className="font-mono">{flag}</span>,
            help: t(`flag.${flag}`),
          }))}
        />
      )}
    </>
  )
}
