/* crowd N: N processes that sleep until this one ends. Prints a line once all are there. */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int i = argc > 1 ? atoi(argv[1]) : 0; i > 0; i--) {
    pid_t pid = fork();
    if (pid == -1) err(111, "fork");
    if (pid > 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  puts("there");
  fflush(stdout);
  for (;;) pause();
}
