/**
 * The only place where a URL of Tunboard is written. Identifiers come from our database (cuid), but are encoded
 * all the same: a path must stay one even when that changes.
 */
const part = encodeURIComponent

const cluster = (id: string) => `/clusters/${part(id)}`

/** The tabs of a cluster's page; the first one is the page itself. */
export const CLUSTER_TABS = ['live', 'history', 'rules', 'settings'] as const
export type ClusterTab = (typeof CLUSTER_TABS)[number]

export const paths = {
  overview: '/',
  /** `next`: where to go after the login. */
  login: (next?: string) =>
    next === undefined || next === '/' ? '/login' : `/login?next=${part(next)}`,
  firstRun: '/first-run',
  denied: (needed: string) => `/denied?needed=${part(needed)}`,

  hosts: '/hosts',
  hostNew: '/hosts/new',
  /** `then`: what the page does by itself once it is open. */
  host: (id: string, then?: 'test') =>
    `/hosts/${part(id)}${then === undefined ? '' : `?then=${then}`}`,
  hostEdit: (id: string) => `/hosts/${part(id)}/edit`,
  hostKey: (id: string) => `/hosts/${part(id)}/key`,

  clusters: '/clusters',
  clusterNew: '/clusters/new',
  cluster: (id: string, tab: ClusterTab = 'live') =>
    tab === 'live' ? cluster(id) : `${cluster(id)}/${tab}`,
  clusterPlan: (id: string) => `${cluster(id)}/plan`,
  clusterEdit: (id: string) => `${cluster(id)}/edit`,
  serviceNew: (clusterId: string) => `${cluster(clusterId)}/services/new`,
  serviceEdit: (clusterId: string, id: string) => `${cluster(clusterId)}/services/${part(id)}/edit`,
  realServerNew: (clusterId: string, serviceId?: string) =>
    `${cluster(clusterId)}/real-servers/new${serviceId === undefined ? '' : `?service=${part(serviceId)}`}`,
  realServerEdit: (clusterId: string, id: string) =>
    `${cluster(clusterId)}/real-servers/${part(id)}/edit`,

  activity: '/activity',
  apply: (id: string) => `/applies/${part(id)}`,
  settings: '/settings',

  liveStream: (clusterId: string) => `/api/clusters/${part(clusterId)}/live`,
  applyStream: (id: string) => `/api/applies/${part(id)}/stream`,
  health: '/api/health',
  auth: '/api/auth',
} as const

/** Tells whether `path` stays on this site: what a link to the login asks for is not to be trusted. */
export function isOwnPath(path: string | undefined): path is string {
  // `//host` and `/\\host` are other sites to a browser; a control character may become either.
  return path !== undefined && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)
}
