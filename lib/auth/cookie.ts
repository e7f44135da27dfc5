import { env } from '@/lib/env'

/** Whether browsers reach us by TLS: then cookies are sent over nothing else. */
export function isSecure(): boolean {
  return env().publicUrl.startsWith('https://')
}

/**
 * Begins the names of our cookies. Browsers keep cookies per host name, not per port: without the port two
 * Tunboards on one machine (a demo beside the real one) would log each other out.
 */
export function cookiePrefix(): string {
  return `tunboard-${env().port}`
}
