import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

// The Content-Security-Policy is in proxy.ts: it needs a nonce per request.
const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

const config: NextConfig = {
  // A second build in one tree, of a test or a developer, needs a folder of its own.
  distDir: process.env.NEXT_DIST_DIR || '.next',
  poweredByHeader: false,
  // Native addons and what loads them cannot be bundled.
  serverExternalPackages: [
    'ssh2',
    'cpu-features',
    '@prisma/client',
    '@prisma/adapter-libsql',
    '@libsql/client',
    'libsql',
  ],
  // `npm run check` runs tsc over the whole tree, tests and scripts too; once is enough.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    {
      source: '/:path*',
      headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })),
    },
  ],
}

export default createNextIntlPlugin('./app/_i18n/request.ts')(config)
