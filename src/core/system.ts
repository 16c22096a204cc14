// What a check may ask of a host. Readers implement it; a fixture is a directory behind it.
import type { Vitals } from './vitals.ts'

/** Counts of statfs(2), in blocks and inodes. `blockSize` is f_bsize in bytes. */
export interface Statfs {
  readonly type: number
  readonly blockSize: number
  readonly blocks: number
  readonly free: number
  readonly available: number
  readonly inodes: number
  readonly inodesFree: number
}

/** One process, from /proc/PID/stat and /proc/PID/cmdline, proc(5). All text is bytes. */
export interface Process {
  readonly pid: number
  readonly comm: string
  /** One letter, as ps(1) prints it, `?` for others; undefined where there are no such states. */
  readonly state: string | undefined
  /** Device number of the controlling terminal, 0 for none; undefined where there are none at all. */
  readonly tty: number | undefined
  /**
   * Arguments as the kernel keeps them, NUL between; empty for kernel threads and zombies. Undefined
   * when it could not be read: the process waits in the kernel and holds its memory locked.
   */
  readonly cmdline: string | undefined
  readonly kernelThread?: boolean
  /** The fields of /proc/PID/stat from the state on, as the kernel prints them; only where it does. */
  readonly fields?: string
}

/** Open files of one process, and its soft limit of them. */
export interface Descriptors {
  readonly open: number
  readonly limit: number
}

/** One line of /proc/PID/mountinfo, proc(5), its octal escapes undone. All text is bytes. */
export interface Mount {
  readonly id: number
  readonly parent: number
  /** `major:minor`: mounts of one file system share it. */
  readonly device: string
  readonly point: string
  readonly options: string
  readonly type: string
  readonly source: string
  readonly superOptions: string
}

/** What the daemon knows of its own state. */
export interface Health {
  readonly vitals: Vitals
  /** Seconds since it started. */
  up(): number
  /** Longest stall of the event loop in the last minute, milliseconds. */
  stall(): number
  /** Mounts whose call has not come back; since when in milliseconds of the epoch. */
  hung(): readonly { readonly name: string; readonly since: number }[]
  /** Requests that the kernel dropped because they came too fast; undefined where it does not tell. */
  drops(): number | undefined
  /** Why keys speak of something other than the host as it is now, one sentence each. */
  sandbox(): readonly string[]
}

/** A stretch between two samples of a counter: its ends as slots of the history, and its seconds. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** Counters sampled once a second on the monotonic clock, the last five minutes of them. */
export interface History {
  /**
   * The longest stretch within the last `seconds` in which all the series were counted and none
   * fell: a fall starts a new series. Throws `cannot answer now` while there are not two samples.
   */
  span(series: readonly string[], seconds: number): Span
  /** Growth of one series over a span; it may be negative for a series not asked of `span`. */
  growth(series: string, span: Span): number
  /** The count of one series in the newest sample. */
  latest(series: string): number
  /** The seconds of a span, from sample to sample; itself while it holds no whole second. */
  steps(span: Span): readonly Span[]
  /** Whether the series was counted in the newest sample. */
  has(series: string): boolean
  /** What `compute` gives, kept under that name until the next sample; it is handed what it gave before. */
  perSample<T>(name: string, compute: (before: T | undefined) => T): T
}

/** A regular file that is open for reading; each call runs off the event loop, under the deadline. */
export interface OpenFile {
  /** When it was modified, milliseconds of the epoch. */
  readonly mtime: number
  /** Reads into `into` at `position`; resolves to the bytes read, 0 at the end. */
  read(into: Buffer, position: number): Promise<number>
}

/** A system for the time of one answer. */
export interface View {
  readonly system: System
  /** Age in milliseconds of the oldest sample that was used; undefined when none was. */
  age(): number | undefined
}

export interface System {
  /** A view of it that knows which samples it was asked for; only where answers rest on samples. */
  view?(): View
  /** Whole text of a file below --proc, its descriptor kept. Throws the errno of open(2) or read(2). */
  proc(path: string): string
  /** The same for a file that one read(2) gives whole, such as /proc/loadavg. */
  procRecord(path: string): string
  /** Runs `work`, in which each record and `/` are read once: a packet of many keys tells of one moment. */
  atOnce<T>(work: () => T): T
  /** Whole text of a file of the host's /proc/net. */
  net(file: string): string
  /** Text of a small file below --sys, its descriptor kept. */
  sysfs(path: string): string
  /** Whether a path below --sys exists. */
  sysfsHas(path: string): boolean
  /** The same off the event loop, for what may wait for a bus or a lock; under the deadline. */
  sysfsPatiently(path: string): Promise<string>
  /** Names in a directory below --sys. Throws errno errors. */
  sysfsNames(path: string): readonly string[]
  /** Mounts that a path of the host can reach; empty where they cannot be read. */
  mounts(): readonly Mount[]
  /** All processes but this one; whoever asks during a scan gets that scan's result. */
  processes(): Promise<readonly Process[]>
  /** The user id of a process, undefined when it is gone; only where /proc tells. */
  ownerOf?(pid: number): number | undefined
  /** How many numeric directories /proc has. */
  processCount(): Promise<number>
  /** Open files of a process. Rejects with EACCES where only its owner may know. */
  descriptors(pid: number): Promise<Descriptors>
  /** statfs(2) of a path of the host: at once for `/`, off the event loop for all others. */
  statfs(path: string): Statfs | Promise<Statfs>
  /** Mount points of local file systems, one a device; images and overlays left out. */
  localMounts(): readonly string[]
  /** Modification time of a regular file, milliseconds of the epoch. */
  mtime(path: string): Promise<number>
  /** Opens a regular file, hands it to `use` and closes it; anything but a regular file is refused. */
  withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T>
  /** The same for a file in the cache directory, which is the daemon's own and not the host's. */
  withCached<T>(name: string, use: (file: OpenFile) => Promise<T>): Promise<T>
  /** Hands on the names in a directory of the host, in turns that stall nobody; under the deadline. */
  eachName(path: string, take: (name: string, isDirectory: boolean) => void): Promise<void>
  /** Hands on the messages in the kernel's ring buffer, oldest first; likewise. */
  eachKernelMessage(take: (message: string) => void): Promise<void>
  /** Calls a Varlink method of the host, by its socket; resolves to the reply's parameters. */
  varlink(socket: string, method: string): Promise<object>
  /** Text of the multiresults file, at most `most` bytes; undefined when it is no regular file. */
  multiresults(most: number): string | undefined
  /** Wall clock, milliseconds of the epoch. */
  now(): number
  readonly history: History
  /** The same, one sample a minute, the last five hours. */
  readonly hours: History
  readonly health: Health
  /** Milliseconds after which work for one answer gives up. */
  readonly deadline: number
}

/** A system and its lifetime. */
export interface RunningSystem extends System {
  /** Starts to sample. */
  start(): Promise<void>
  /** Stops sampling, and begins no more calls that may hang. */
  close(): void
  /** What is under way still, and would keep exit(3) from ending the process. */
  readonly outstanding: number
}
