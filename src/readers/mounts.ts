import { codeOf, ParseError } from '../core/errors.ts'
import type { Mount } from '../core/system.ts'
import { KeptFiles } from './keptfiles.ts'

/** All mounts in the kernel's order. Throws ParseError. */
export function parseMountinfo(text: string): Mount[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new ParseError('mountinfo', text.slice(-80))
  return lines.map(parseLine)
}

/** `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw`; fields before the dash vary. */
function parseLine(line: string): Mount {
  const match = LINE.exec(line)
  if (!match) throw new ParseError('mountinfo', line)
  const [, id, parent, device, point, options, type, source, superOptions] =
    match as unknown as string[]
  return {
    id: Number(id),
    parent: Number(parent),
    device: device as string,
    point: unescapeOctal(point as string),
    options: options as string,
    type: type as string,
    source: unescapeOctal(source as string),
    superOptions: superOptions as string,
  }
}

const LINE = /^(\d+) (\d+) (\d+:\d+) \S+ (\S+) (\S+)(?: \S+)*? - (\S*) (\S*) (\S*)$/

/** `\\040` is a blank, as getmntent(3) has it. */
export const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))

/** Mounts by where they stand on their parent, so that a path finds its mount in a few look-ups. */
export class MountTable {
  readonly mounts: readonly Mount[]
  readonly #root: Mount | undefined
  readonly #children = new Map<string, Mount>()
  #visible: readonly Mount[] | undefined

  constructor(mounts: readonly Mount[]) {
    this.mounts = mounts
    const ids = new Set(mounts.map(({ id }) => id))
    for (const mount of mounts) this.#children.set(`${mount.parent} ${mount.point}`, mount)
    this.#root = mounts.find(({ point, parent }) => point === '/' && !ids.has(parent))
  }

  /** The mount that an absolute path lies on, with no symbolic link followed. */
  of(path: string): Mount | undefined {
    let mount = this.#root && this.#top(this.#root, '/')
    for (let end = path.indexOf('/', 1); mount && path !== '/'; end = path.indexOf('/', end + 1)) {
      const point = end === -1 ? path : path.slice(0, end)
      const child: Mount | undefined = this.#children.get(`${mount.id} ${point}`)
      if (child) mount = this.#top(child, point)
      if (end === -1) break
    }
    return mount
  }

  /** The mounts that a path can reach: none that another mount hides. */
  visible(): readonly Mount[] {
    this.#visible ??= this.mounts.filter((mount) => this.of(mount.point)?.id === mount.id)
    return this.#visible
  }

  /** The uppermost of the mounts stacked on one point. */
  #top(mount: Mount, point: string): Mount {
    const above = this.#children.get(`${mount.id} ${point}`)
    return above && above !== mount ? this.#top(above, point) : mount
  }
}

/** The mounts of a process as they are now; the table is made anew when the text has changed. */
export class MountReader {
  readonly #files: KeptFiles
  readonly #path: string
  #text = ''
  #table = new MountTable([])

  constructor(proc: string, pid: string) {
    this.#files = new KeptFiles(proc)
    this.#path = `${pid}/mountinfo`
  }

  /** Empty where there is no mountinfo, or none we may read. Throws errno errors and ParseError. */
  table(): MountTable {
    const text = this.#read()
    if (text !== this.#text) {
      this.#table = new MountTable(parseMountinfo(text))
      this.#text = text
    }
    return this.#table
  }

  #read(): string {
    try {
      return this.#files.text(this.#path)
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return ''
      throw error
    }
  }
}
