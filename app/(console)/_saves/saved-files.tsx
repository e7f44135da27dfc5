import { useTranslations } from 'next-intl'
import { diffFile } from '@/app/_components/file-diff'
import { DiffCount, FileDiffView } from '@/app/_components/file-diff-view'
import { Card } from '@/app/_ui/card'
import { CodeBlock } from '@/app/_ui/code'
import { Disclosure } from '@/app/_ui/disclosure'
import type { SaveFile } from '@/lib/db/saves'
import type { Compared } from './compare'

const Path = ({ path }: { path: string }) => <span className="wrap-anywhere font-mono">{path}</span>

/** A file of a save: what it changed there, and its whole text as it was written. */
function SavedFile({ file }: { file: SaveFile }) {
  const t = useTranslations('saves.view')
  const { path, before, after } = file
  const isChanged = before !== after
  const diff = diffFile(before, after)
  return (
    <Card
      title={<Path path={path} />}
      actions={
        isChanged ? (
          <DiffCount diff={diff} />
        ) : (
          <span className="text-muted text-sm">{t('unchanged')}</span>
        )
      }
    >
      <div className="grid min-w-0 grid-cols-1 gap-3">
        {isChanged && <FileDiffView diff={diff} path={path} />}
        {after !== undefined && (
          <Disclosure summary={t('whole')}>
            <CodeBlock text={after} copyLabel={t('copy', { path })} />
          </Disclosure>
        )}
      </div>
    </Card>
  )
}

/** Every file of a save, those that it changed first. */
export function SavedFiles({ files }: { files: readonly SaveFile[] }) {
  const changed = files.filter(({ before, after }) => before !== after)
  const others = files.filter(({ before, after }) => before === after && after !== undefined)
  return (
    <div className="flex flex-col gap-4">
      {[...changed, ...others].map((file) => (
        <SavedFile key={file.path} file={file} />
      ))}
    </div>
  )
}

/** What differs between two moments, file by file. */
export function ComparedFiles({ files }: { files: readonly Compared[] }) {
  const t = useTranslations('saves.compare')
  if (files.length === 0) return <p className="text-muted">{t('same')}</p>
  return (
    <div className="flex flex-col gap-4">
      {files.map(({ path, diff }) => (
        <Card key={path} title={<Path path={path} />} actions={<DiffCount diff={diff} />}>
          <FileDiffView diff={diff} path={path} />
        </Card>
      ))}
    </div>
  )
}
