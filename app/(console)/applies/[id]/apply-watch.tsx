import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Tone } from '@/app/_ui/tone'
import type { WatchView } from './apply-snapshot'

const TONE: Record<WatchView['entries'][number]['verdict'], Tone> = {
  answers: 'ok',
  silent: 'warn',
  'no-traffic': 'unknown',
}

const mono = (count: number) => <span className="font-mono text-sm">{count}</span>

/** Whether connections to the new entries are answered: what no command can tell. */
export function ApplyWatch({ watch }: { watch: WatchView }) {
  const t = useTranslations('apply.watch')
  const isWatching = watch.state === 'watching'
  if (!isWatching && watch.entries.length === 0) return null
  return (
    <Card
      title={t('title')}
      note={t('note')}
      padded={false}
      actions={
        isWatching && (
          <State tone="info" icon="running" quiet>
            {t('watching')}
          </State>
        )
      }
    >
      <Table
        caption={t('title')}
        columns={[
          { id: 'entry', label: t('entry') },
          { id: 'verdict', label: t('verdict') },
          { id: 'established', label: t('established'), align: 'end' },
          { id: 'synRecv', label: t('synRecv'), align: 'end' },
        ]}
        rows={watch.entries.map(({ item, hostName, verdict, established, synRecv }) => ({
          id: `${hostName} ${item}`,
          cells: {
            entry: { node: <span className="font-mono text-sm">{item}</span> },
            verdict: {
              node: (
                <State tone={TONE[verdict]} quiet>
                  {t(verdict)}
                </State>
              ),
            },
            established: { node: mono(established) },
            synRecv: { node: mono(synRecv) },
          },
        }))}
        empty={<p className="px-4 py-2.5 text-muted text-sm">{t('looking')}</p>}
      />
    </Card>
  )
}
