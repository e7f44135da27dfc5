#!/usr/bin/env node
// Completes package-lock.json after `npm install` from a registry that carries the native packages
// of some platforms only: npm then writes a lock file without the others, which its own `npm ci`
// refuses ("Missing: @esbuild/aix-ppc64@ from lock file"). What is missing is named in the
// optionalDependencies of packages that are there; platform and processor are read off the name.
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = 'package-lock.json'
const SYSTEMS = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ')
const PROCESSORS = 'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64'.split(' ')

/** Says on which machines a native package is wanted; npm installs it on no other. */
function platformOf(name) {
  if (name === 'fsevents') return { os: ['darwin'] }
  const words = name.replace('ppc64le', 'ppc64').replace('armv7', 'arm').split(/[/-]/)
  const pick = (known) => words.filter((word) => known.includes(word)).slice(-1)
  const [os, cpu] = [pick(SYSTEMS), pick(PROCESSORS)]
  if (words.includes('universal')) return { os }
  if (os.length + cpu.length === 0) return undefined
  const libc = /musl/.test(name) ? ['musl'] : /-gnu/.test(name) ? ['glibc'] : []
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && { libc }),
    ...(os.length > 0 && { os }),
  }
}

function isThere(packages, parent, name) {
  const nested = parent === '' ? `node_modules/${name}` : `${parent}/node_modules/${name}`
  return packages[nested] !== undefined || packages[`node_modules/${name}`] !== undefined
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'))
const added = []
for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name)
    if (isThere(lock.packages, parent, name) || platform === undefined) continue
    // Beside its parent, not at the top: two parents may want two versions of one name.
    const top = Object.entries(lock.packages).filter(
      ([path, other]) => path !== parent && other.optionalDependencies?.[name] !== undefined,
    )
    const path = top.length === 0 ? `node_modules/${name}` : `${parent}/node_modules/${name}`
    const version = range.replace(/^[~^]/, '')
    const dev = entry.dev === true && { dev: true }
    lock.packages[path] = { version, ...platform, ...dev, optional: true }
    added.push(`${name} ${version}`)
  }
}
const [root, ...rest] = Object.entries(lock.packages)
rest.sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries([root, ...rest])
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} native packages of other platforms added to ${FILE}`)
for (const line of added) console.log(`  ${line}`)
