import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** One page or route handler as Next serves it, e.g. `/hosts/[id]/edit`. */
export type Route = { pattern: string; isPage: boolean }

/** Finds every page and every route handler in app/, so that a new one cannot be forgotten. */
export function findRoutes(): Route[] {
  return readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((file) => ['page.tsx', 'route.ts'].includes(basename(file)))
    .map((file) => ({
      pattern: `/${dirname(file)
        .split('/')
        .filter((part) => part !== '.' && !part.startsWith('('))
        .join('/')}`,
      isPage: basename(file) === 'page.tsx',
    }))
    .sort((a, b) => (a.pattern < b.pattern ? -1 : 1))
}

/** Fills the parameters of a route. */
export const fill = (pattern: string, value: (name: string) => string): string =>
  pattern.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => value(name))
