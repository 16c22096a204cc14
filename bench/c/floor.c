/*
 * The least that any program can do for an answer: one receive, the reads, one send. No parsing of
 * the key, no list of clients, no errors. Ratios of bench/results.md are against this.
 *
 *   floor PORT load1
 *   floor PORT loadmulti BYTES FILE ...   reads the files, calls statfs, sends a packet of BYTES
 *   floor PORT process NAME               scans /proc for processes of that name
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MOST_FILES = 64, PACKET = 1472 };

static int files[MOST_FILES], count;
static char text[4096];

static size_t load1(char *reply) {
  ssize_t n = pread(files[0], reply, PACKET, 0);
  char *end = memchr(reply, ' ', n);
  memcpy(reply + n, reply, end - reply);
  reply[n + (end - reply)] = '\n';
  return n + (end - reply) + 1;
}

static size_t loadmulti(char *reply, size_t bytes) {
  struct statfs fs;
  for (int i = 0; i < count; i++) (void)!pread(files[i], text, sizeof text, 0);
  if (statfs("/", &fs) == -1) err(111, "statfs");

  memset(reply, 'x', bytes);
  return bytes;
}

static ssize_t slurp(const char *pid, const char *file) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/%s", pid, file);
  int fd = open(path, O_RDONLY);
  if (fd == -1) return -1;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n >= 0) text[n] = 0;
  return n;
}

static size_t process(char *reply, const char *name) {
  DIR *proc = opendir("/proc");
  struct dirent *entry;
  int found = 0;
  while ((entry = readdir(proc))) {
    if (!isdigit((unsigned char)*entry->d_name) || slurp(entry->d_name, "stat") <= 0) continue;
    char *comm = strchr(text, '('), *end = strrchr(text, ')');
    *end = 0;
    int same = !strcmp(comm + 1, name);
    if (slurp(entry->d_name, "cmdline") > 0) {
      char *slash = strrchr(text, '/');
      same |= !strcmp(slash ? slash + 1 : text, name);
    }
    found += same;
  }
  closedir(proc);
  return sprintf(reply, "%d\n", found);
}

int main(int argc, char **argv) {
  if (argc < 3) errx(100, "usage: floor PORT load1 | loadmulti BYTES FILE ... | process NAME");
  struct sockaddr_in self = {.sin_family = AF_INET,
                             .sin_port = htons(atoi(argv[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int s = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(s, (struct sockaddr *)&self, sizeof self)) err(111, "bind");
  char kind = argv[2][0] == 'p' ? 'p' : argv[2][4] == '1' ? '1' : 'm';
  size_t bytes = kind == 'm' ? strtoul(argv[3], 0, 10) : 0;
  if (kind == '1') files[count++] = open("/proc/loadavg", O_RDONLY);
  for (int i = 4; kind == 'm' && i < argc; i++)
    if ((files[count++] = open(argv[i], O_RDONLY)) == -1) err(111, "%s", argv[i]);
  puts("ready");
  fflush(stdout);
  char request[65536], reply[2 * PACKET];
  for (;;) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    if (recvfrom(s, request, sizeof request, 0, (struct sockaddr *)&from, &length) < 0) continue;
    size_t n = kind == '1'   ? load1(reply)
               : kind == 'm' ? loadmulti(reply, bytes)
                             : process(reply, argv[3]);
    sendto(s, reply, n, 0, (struct sockaddr *)&from, length);
  }
}
