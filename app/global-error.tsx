'use client'

import './globals.css'

/** The root layout itself failed, so there are no messages and no theme. Who reads it is not known: both languages. */
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
          <h2 lang="zh-CN" className="mt-6 font-strong text-xl">
            Tunboard 出错了
          </h2>
          <p lang="zh-CN">
            此次出错没有向任何主机发送内容。请重新加载页面；服务器日志中可按编号{' '}
            {error.digest ?? '（此时刻）'} 查到详情。
          </p>
        </main>
      </body>
    </html>
  )
}
