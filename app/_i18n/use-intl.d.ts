import type { Locale } from './locales'
import type { Messages } from './messages'

// Makes a wrong key of a message a type error.
declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}
