import { Card } from '@/app/_ui/card'
import { Icon } from '@/app/_ui/icon'
import { SkeletonRows } from '@/app/_ui/skeleton'

/** Stands where something will be that is read from hosts now. */
export function ReadingHosts({ title, note }: { title: string; note: string }) {
  return (
    <div className="flex flex-col gap-4">
      <div>
        <p className="flex items-center gap-2 font-strong text-lg">
          <Icon name="running" className="text-info" />
          {title}
        </p>
        <p className="text-muted text-sm">{note}</p>
      </div>
      <Card padded={false}>
        <SkeletonRows rows={6} label={title} />
      </Card>
    </div>
  )
}
