// Loaded before the daemon by --require: a platform that is not Linux, and has no users to become.
Object.defineProperty(process, 'platform', { value: 'win32' })
for (const name of ['getuid', 'getgid', 'setuid', 'setgid', 'setgroups']) delete process[name]
