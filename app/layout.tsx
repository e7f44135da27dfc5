import { Tooltip } from '@base-ui/react/tooltip'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import { NextIntlClientProvider } from 'next-intl'
import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ToastProvider } from '@/app/_ui/toast'
import { parseTheme, THEME_COOKIE } from './theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Tunboard', template: '%s · Tunboard' },
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f9f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1112' },
  ],
}

/** The theme is set here, by the server: no script decides it, so nothing flashes. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <html
      lang={await getLocale()}
      data-theme={theme === 'system' ? undefined : theme}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <NextIntlClientProvider>
          <Tooltip.Provider>
            <ToastProvider>{children}</ToastProvider>
          </Tooltip.Provider>
        </NextIntlClientProvider>
      </body>
    </html>
  )
}
