/**
 * The only place where a URL of Tunboard is written. Identifiers come from our database (cuid), but are encoded
 * all the same: a path must stay one even when that changes.
 */
const part = encodeURIComponent

const cluster = (id: string) => `/clusters/${part(id)}`
const host = (id: string) => `/hosts/${part(id)}`

/** A cluster, or one host: what an apply is about, and whose files Save writes. */
export type Subject = { kind: 'cluster' | 'host'; id: string }
const subject = ({ kind, id }: Subject) => (kind === 'cluster' ? cluster(id) : host(id))

/** The tabs of a cluster's page; the first one is the page itself. */
export const CLUSTER_TABS = ['live', 'drift', 'history', 'saved', 'rules', 'settings'] as const
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
  host: (id: string, then?: 'test') => `${host(id)}${then === undefined ? '' : `?then=${then}`}`,
  hostEdit: (id: string) => `${host(id)}/edit`,
  hostKey: (id: string) => `${host(id)}/key`,
  hostUninstall: (id: string) => `${host(id)}/uninstall`,

  clusters: '/clusters',
  clusterNew: '/clusters/new',
  /** `directorId`: the host that was chosen; `services`, `name` and `dip` are the page's own. */
  clusterAdopt: (directorId?: string) =>
    `/clusters/adopt${directorId === undefined ? '' : `?director=${part(directorId)}`}`,
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

  subject,
  /** The plan of saving the files of a cluster's hosts, or of one host. */
  savePlan: (of: Subject) => `${subject(of)}/save`,
  /** Whether it would survive a reboot; of a host that is a part of its page. */
  saved: (of: Subject) => (of.kind === 'cluster' ? `${subject(of)}/saved` : `${subject(of)}#saved`),
  saves: (of: Subject) => `${subject(of)}/saves`,
  /** One save; `compareWith`: another one's id, or what the files say now. */
  save: (id: string, compareWith?: string) =>
    `/saves/${part(id)}${compareWith === undefined ? '' : `?with=${part(compareWith)}`}`,
  putBack: (id: string) => `/saves/${part(id)}/put-back`,

  activity: '/activity',
  locks: '/activity#locks',
  apply: (id: string) => `/applies/${part(id)}`,
  /** The plan of taking an apply back. */
  applyRevert: (id: string) => `/applies/${part(id)}/revert`,
  settings: '/settings',

  driftState: (clusterId: string) => `/api/clusters/${part(clusterId)}/drift`,
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
