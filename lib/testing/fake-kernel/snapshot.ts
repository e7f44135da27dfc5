import { endpoint } from './address'
import { sortedServices } from './ipvsadm-render'
import type { FakeDestination, FakeService, KernelState } from './state'

/** ipvsadm's own order depends on which was added first. */
const byName = (a: FakeDestination, b: FakeDestination): number =>
  endpoint(a.address, a.port) < endpoint(b.address, b.port) ? -1 : 1

/** A service's configuration without what traffic moves. */
function configured(service: FakeService): unknown {
  const { counters: _c, walk: _w, templates: _t, ...kept } = service
  const destinations = service.destinations.toSorted(byName).map((destination) => {
    const { active: _a, inactive: _i, persistent: _p, counters: _n, ...config } = destination
    return config
  })
  return { ...kept, destinations }
}

/** Makes the live state comparable: no boot id, no counters, tables in a fixed order. */
export function normalised(state: KernelState): unknown {
  const { bootId: _, ipvs, modules, devices, ...rest } = structuredClone(state)
  return {
    ...rest,
    modules: { ...modules, loaded: modules.loaded.sort() },
    devices: devices
      .map(({ index: _i, ...device }) => ({
        ...device,
        addresses: device.addresses.sort((a, b) => (a.local < b.local ? -1 : 1)),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ipvs:
      ipvs === undefined
        ? 'absent'
        : {
            services: sortedServices(ipvs).map(configured),
            timeouts: ipvs.timeouts,
            daemons: ipvs.daemons,
          },
  }
}
