import type { HostFacts } from '@/lib/lvs/host-facts'
import { HostDevices } from './host-devices'
import { HostModules } from './host-modules'
import { HostOwners } from './host-owners'
import { HostSystem } from './host-system'
import { HostTable } from './host-table'

/** What the last probe read. */
export function HostFactsView({
  facts,
  adoptHref,
}: {
  facts: HostFacts
  adoptHref?: string | undefined
}) {
  return (
    <>
      <HostOwners owners={facts.owners} warnings={facts.warnings} />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <HostSystem facts={facts} />
        <div className="grid grid-cols-1 gap-6">
          <HostTable ipvs={facts.ipvs} adoptHref={adoptHref} />
          <HostModules modules={facts.modules} />
        </div>
      </div>
      <HostDevices devices={facts.devices} effective={facts.effective} />
    </>
  )
}
