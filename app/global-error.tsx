'use client'

import './globals.css'

/** The root layout itself failed, so there are no words and no theme: the browser's language is not known either. */
export default function GlobalErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-2 px-4">
          <h1 className="font-strong text-xl">Tunboard made a mistake</h1>
          <p>
            Nothing was sent to a host because of it. Reload the page; the server’s log holds the
            details under the number {error.digest ?? 'of this time'}.
          </p>
        </main>
      </body>
    </html>
  )
}
