/*
 * A closed-loop load generator: so many requests outstanding, each on a socket of its own; a reply
 * is followed by the next request. Prints one line of JSON: latencies in microseconds, replies that
 * never came, and the processor time it took itself.
 *
 *   load udp|tcp|tls ADDRESS PORT OUTSTANDING SECONDS HEX [END]
 *
 * HEX is the request. tcp and tls connect anew for each exchange and read to the end of the stream,
 * or to the byte string END in hex, as `0a`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 22, LOST_AFTER = 1000 };

static struct sockaddr_in server;
static unsigned char request[2048], ending[64];
static size_t request_bytes, ending_bytes;
static double *latencies, until;
static atomic_size_t replies;
static atomic_ulong lost;
static SSL_CTX *tls;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static size_t unhex(const char *hex, unsigned char *into, size_t most) {
  size_t n = 0;
  for (unsigned byte; n < most && sscanf(hex + 2 * n, "%2x", &byte) == 1; n++) into[n] = byte;
  return n;
}

static void took(double start) {
  size_t at = atomic_fetch_add(&replies, 1);
  if (at < MOST) latencies[at] = now() - start;
}

/* A request without a reply is lost after a second: the next one leaves on the same socket. */
static void udp(int outstanding) {
  struct { int fd; double sent; } slots[outstanding];
  struct epoll_event events[outstanding];
  char reply[65536];
  int poll = epoll_create1(0);
  for (int i = 0; i < outstanding; i++) {
    slots[i].fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (connect(slots[i].fd, (struct sockaddr *)&server, sizeof server)) err(111, "connect");
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    epoll_ctl(poll, EPOLL_CTL_ADD, slots[i].fd, &event);
    slots[i].sent = now();
    (void)!send(slots[i].fd, request, request_bytes, 0);
  }
  for (double time = now(), sweep = time; time < until; time = now()) {
    int n = epoll_wait(poll, events, outstanding, 100);
    for (int k = 0; k < n; k++) {
      int i = events[k].data.u32;
      if (recv(slots[i].fd, reply, sizeof reply, 0) <= 0) continue;
      took(slots[i].sent);
      slots[i].sent = now();
      (void)!send(slots[i].fd, request, request_bytes, 0);
    }
    if (time - sweep < LOST_AFTER * 100) continue;
    sweep = time;
    for (int i = 0; i < outstanding; i++)
      if (time - slots[i].sent > LOST_AFTER * 1000) {
        atomic_fetch_add(&lost, 1);
        slots[i].sent = time;
        (void)!send(slots[i].fd, request, request_bytes, 0);
      }
  }
}

static ssize_t get(SSL *ssl, int fd, char *into, size_t most) {
  return ssl ? SSL_read(ssl, into, most) : read(fd, into, most);
}

/* Whether a whole answer came. */
static int exchange(int fd) {
  static _Thread_local char reply[1 << 20];
  SSL *ssl = 0;
  size_t n = 0;
  if (connect(fd, (struct sockaddr *)&server, sizeof server)) return 0;
  if (tls) {
    ssl = SSL_new(tls);
    SSL_set_fd(ssl, fd);
  }
  if (ssl && SSL_connect(ssl) != 1) goto out;
  if (request_bytes &&
      (ssl ? SSL_write(ssl, request, request_bytes) : write(fd, request, request_bytes)) <= 0)
    goto out;
  for (ssize_t got; n < sizeof reply && (got = get(ssl, fd, reply + n, sizeof reply - n)) > 0;) {
    n += got;
    if (ending_bytes && memmem(reply, n, ending, ending_bytes)) break;
  }
out:
  if (ssl) SSL_free(ssl);
  return n > 0;
}

static void *stream(void *unused) {
  struct timeval patience = {.tv_sec = 10};
  int one = 1;
  while (now() < until) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    double start = now();
    if (exchange(fd)) took(start);
    else atomic_fetch_add(&lost, 1);
    close(fd);
  }
  return unused;
}

static int ascending(const void *a, const void *b) {
  double x = *(double *)a, y = *(double *)b;
  return (x > y) - (x < y);
}

static void report(double started) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  double seconds = (now() - started) / 1e6;
  double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec +
               (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  size_t n = replies, kept = n < MOST ? n : MOST;
  qsort(latencies, kept, sizeof *latencies, ascending);
  printf("{\"replies\":%zu,\"lost\":%lu,\"seconds\":%.3f,\"busy\":%.3f", n, (unsigned long)lost,
         seconds, cpu / seconds);
  const double shares[] = {0.5, 0.9, 0.99, 0.999};
  const char *names[] = {"p50", "p90", "p99", "p999"};
  for (int i = 0; i < 4 && kept; i++)
    printf(",\"%s\":%.2f", names[i], latencies[(size_t)(kept * shares[i])]);
  printf("}\n");
}

int main(int argc, char **argv) {
  if (argc < 7) errx(100, "usage: load udp|tcp|tls ADDRESS PORT OUTSTANDING SECONDS HEX [END]");
  signal(SIGPIPE, SIG_IGN);
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(argv[3]));
  if (inet_pton(AF_INET, argv[2], &server.sin_addr) != 1) errx(100, "%s: no address", argv[2]);
  int outstanding = atoi(argv[4]);
  request_bytes = unhex(argv[6], request, sizeof request);
  if (argc > 7) ending_bytes = unhex(argv[7], ending, sizeof ending);
  latencies = calloc(MOST, sizeof *latencies);
  if (!strcmp(argv[1], "tls")) {
    tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_cipher_list(tls, "ALL:aNULL:@SECLEVEL=0");
  }
  double started = now();
  until = started + atof(argv[5]) * 1e6;
  if (!strcmp(argv[1], "udp")) udp(outstanding);
  else {
    pthread_t threads[outstanding];
    for (int i = 0; i < outstanding; i++) pthread_create(&threads[i], 0, stream, 0);
    for (int i = 0; i < outstanding; i++) pthread_join(threads[i], 0);
  }
  report(started);
}
