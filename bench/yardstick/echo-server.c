// Yardstick: the smallest honest epoll echo server, one thread.
//   cc -O2 -o echo-server echo-server.c && ./echo-server 7790
// With a second argument "spin" it never sleeps: on loopback whoever writes to a sleeping server pays for waking it, which no network
// asks of a client, and which a slower client pays more often.
// With port 0 the system chooses one; either way the port is printed. Ends when its input does, so that it never outlives its starter.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1 << 18];

// Writes everything; waits in poll() where the peer's window is full.
static int write_all(int fd, const char *data, ssize_t left) {
  while (left > 0) {
    ssize_t n = write(fd, data, left);
    if (n < 0 && errno == EAGAIN) {
      struct pollfd p = {.fd = fd, .events = POLLOUT};
      poll(&p, 1, -1);
      continue;
    }
    if (n < 0) return -1;
    data += n;
    left -= n;
  }
  return 0;
}

int main(int argc, char **argv) {
  int port = argc > 1 ? atoi(argv[1]) : 7790, on = 1;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (void *)&at, sizeof at) || listen(listener, 4096)) return perror("listen"), 1;
  socklen_t size = sizeof at;
  if (getsockname(listener, (void *)&at, &size)) return perror("getsockname"), 1;
  printf("{\"port\":%d}\n", ntohs(at.sin_port));
  fflush(stdout);
  int patience = argc > 2 && strcmp(argv[2], "spin") == 0 ? 0 : -1;
  int poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[1024];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = STDIN_FILENO;
  epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  for (;;) {
    int ready = epoll_wait(poller, events, 1024, patience);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        for (int s; (s = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) {
          setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          event = (struct epoll_event){.events = EPOLLIN, .data.fd = s};
          epoll_ctl(poller, EPOLL_CTL_ADD, s, &event);
        }
        continue;
      }
      ssize_t n = read(fd, buffer, sizeof buffer);
      if (n < 0 && errno == EAGAIN) continue;
      if (fd == STDIN_FILENO) return 0;
      if (n <= 0 || write_all(fd, buffer, n)) close(fd);
    }
  }
}
