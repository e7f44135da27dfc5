import NotFoundPage from '../not-found'

/** Within the console's frame: something that was deleted, while the rest is a click away. */
export default function ConsoleNotFoundPage() {
  return <NotFoundPage />
}
