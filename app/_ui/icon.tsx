import {
  Activity,
  ArrowDown,
  ArrowRight,
  ArrowUp,
  Ban,
  Check,
  ChevronDown,
  ChevronRight,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleMinus,
  CircleQuestionMark,
  CircleX,
  Copy,
  Ellipsis,
  ExternalLink,
  History,
  Hourglass,
  Info,
  KeyRound,
  LayoutGrid,
  ListChecks,
  LoaderCircle,
  LogOut,
  type LucideIcon,
  Monitor,
  Moon,
  Network,
  PanelLeft,
  Pause,
  Pencil,
  Play,
  Plus,
  RefreshCw,
  Save,
  Search,
  Server,
  Settings,
  ShieldAlert,
  ShieldCheck,
  Sun,
  Terminal,
  Trash2,
  TriangleAlert,
  Undo2,
  Unplug,
  User,
  Waypoints,
  X,
} from 'lucide-react'
import { cx } from './cx'

/** Every icon of the console by what it means, so that one meaning has one picture. */
const ICONS = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleX,
  info: Info,
  unknown: CircleQuestionMark,
  dot: CircleDot,
  waiting: CircleDashed,
  running: LoaderCircle,
  skipped: CircleMinus,
  refused: Ban,
  overview: LayoutGrid,
  cluster: Network,
  host: Server,
  activity: Activity,
  settings: Settings,
  topology: Waypoints,
  plan: ListChecks,
  history: History,
  wait: Hourglass,
  unplugged: Unplug,
  key: KeyRound,
  'key-warn': ShieldAlert,
  'key-ok': ShieldCheck,
  command: Terminal,
  add: Plus,
  edit: Pencil,
  remove: Trash2,
  undo: Undo2,
  refresh: RefreshCw,
  save: Save,
  search: Search,
  play: Play,
  pause: Pause,
  more: Ellipsis,
  copy: Copy,
  check: Check,
  close: X,
  external: ExternalLink,
  'log-out': LogOut,
  person: User,
  light: Sun,
  dark: Moon,
  system: Monitor,
  sidebar: PanelLeft,
  'arrow-up': ArrowUp,
  'arrow-down': ArrowDown,
  'arrow-right': ArrowRight,
  'chevron-down': ChevronDown,
  'chevron-right': ChevronRight,
} satisfies Record<string, LucideIcon>

export type IconName = keyof typeof ICONS

/** A picture beside a word: hidden from screen readers, because the word says it. */
export function Icon({
  name,
  size = 16,
  className,
}: {
  name: IconName
  size?: number
  className?: string | undefined
}) {
  const Picture = ICONS[name]
  return (
    <Picture
      aria-hidden
      size={size}
      strokeWidth={1.75}
      className={cx('shrink-0', name === 'running' && 'animate-turn', className)}
    />
  )
}
