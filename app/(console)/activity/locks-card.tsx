'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { useLockWords } from '@/app/_components/lock-words'
import { Age } from '@/app/_ui/age'
import { Button } from '@/app/_ui/button'
import { Card } from '@/app/_ui/card'
import { Dialog } from '@/app/_ui/dialog'
import { SubmitButton } from '@/app/_ui/submit-button'
import { Table } from '@/app/_ui/table'
import { TextField } from '@/app/_ui/text-field'
import { TextLink } from '@/app/_ui/text-link'
import { useToast } from '@/app/_ui/toast'
import { paths } from '@/app/paths'
import { lockFormSchema } from '@/lib/lvs/lock-form'
import { breakLockAction } from './actions'
import type { LockView } from './read-locks'

/** Its row is gone before its answer is there: the dialog stands beside the table, not in it. */
function BreakLock({ lock, onClose }: { lock: LockView; onClose: () => void }) {
  const t = useTranslations('locks')
  const toast = useToast()
  const lockWords = useLockWords()
  const { hostId, host, generation, owner, reason } = lock
  const done = () => {
    onClose()
    toast('ok', t('done', { host }))
  }
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t('dialogTitle', { host })}
      description={t('dialogText', { owner, reason: lockWords(reason) })}
    >
      <ActionForm
        action={breakLockAction}
        schema={lockFormSchema}
        hidden={{ hostId, generation }}
        onDone={done}
      >
        <TextField name="why" label={t('why')} help={t('whyHelp', { owner })} autoComplete="off" />
        <SubmitButton variant="danger">{t('confirm')}</SubmitButton>
      </ActionForm>
    </Dialog>
  )
}

/** Who holds which host now, and what for; one that nobody works under any more can be broken. */
export function LocksCard({ locks, mayBreak }: { locks: readonly LockView[]; mayBreak: boolean }) {
  const t = useTranslations('locks')
  const lockWords = useLockWords()
  const [chosen, choose] = useState<LockView>()
  const dialog = chosen !== undefined && (
    <BreakLock lock={chosen} onClose={() => choose(undefined)} />
  )
  const toBreak = (lock: LockView) => (
    <Button
      size="sm"
      variant="quiet"
      aria-label={`${t('act')} ${lock.host}`}
      onClick={() => choose(lock)}
    >
      {t('act')}
    </Button>
  )
  return (
    <>
      {dialog}
      {locks.length > 0 && (
        <Card id="locks" title={t('title')} note={t('note')} padded={false} className="mb-6">
          <Table
            caption={t('title')}
            columns={[
              { id: 'host', label: t('host') },
              { id: 'owner', label: t('owner') },
              { id: 'reason', label: t('reason') },
              { id: 'since', label: t('since') },
              { id: 'act', label: t('act'), hideLabel: true, align: 'end' },
            ]}
            rows={locks.map((lock) => ({
              id: lock.hostId,
              cells: {
                host: { node: <TextLink href={paths.host(lock.hostId)}>{lock.host}</TextLink> },
                owner: { node: <span className="font-strong">{lock.owner}</span> },
                reason: { node: lockWords(lock.reason) },
                since: { node: <Age at={lock.takenAt} /> },
                act: { node: mayBreak && toBreak(lock) },
              },
            }))}
          />
        </Card>
      )}
    </>
  )
}
