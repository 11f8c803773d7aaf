/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_FUZZ_LIBC_H
#define SOCKOWNERS_FUZZ_LIBC_H

#include <fts.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* What the reader calls in the place of those of libc: the Makefile renames them. */
void *world_malloc(size_t size);
void *world_calloc(size_t count, size_t size);
void *world_realloc(void *block, size_t size);
void *world_reallocarray(void *block, size_t count, size_t size);
char *world_strdup(const char *text);
void world_free(void *block);
FILE *world_open_memstream(char **text, size_t *length);
int world_fclose(FILE *file);
noreturn void world_exit(int status);
int world_open(const char *path, int flags, ...);
ssize_t world_read(int fd, void *to, size_t size);
ssize_t world_write(int fd, const void *from, size_t size);
FILE *world_fopen(const char *path, const char *mode);
int world_stat(const char *path, struct stat *status);
int world_statfs(const char *path, struct statfs *system);
int world_access(const char *path, int mode);
FTS *world_fts_open(char *const *paths, int options,
		    int (*compare)(const struct _ftsent **a,
				   const struct _ftsent **b));
FTSENT *world_fts_read(FTS *fts);
int world_fts_close(FTS *fts);
int world_getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t size,
		     struct passwd **found);
struct passwd *world_getpwnam(const char *name);
struct servent *world_getservbyname(const char *name, const char *protocol);
struct servent *world_getservbyport(int port, const char *protocol);
int world_getnameinfo(const struct sockaddr *address, socklen_t length,
		      char *host, socklen_t host_size, char *service,
		      socklen_t service_size, int flags);
int world_gethostname(char *name, size_t size);
int world_clock_gettime(clockid_t clock, struct timespec *time);
char *world_getenv(const char *name);
int world_isatty(int fd);
int world_ioctl(int fd, unsigned long request, ...);
int world_close(int fd);
int world_socket(int family, int type, int protocol);
int world_setsockopt(int fd, int level, int name, const void *value,
		     socklen_t length);
int world_bind(int fd, const struct sockaddr *address, socklen_t length);
off_t world_lseek(int fd, off_t offset, int from);
int world_tcgetattr(int fd, struct termios *settings);
int world_tcsetattr(int fd, int when, const struct termios *settings);
int world_sigaction(int number, const struct sigaction *action,
		    struct sigaction *old);
sighandler_t world_signal(int number, sighandler_t handler);
int world_ppoll(struct pollfd *fds, nfds_t count,
		const struct timespec *timeout, const sigset_t *mask);

int world_mkostemp(char *path, int flags);
int world_fchmod(int fd, mode_t mode);
int world_fsync(int fd);
int world_rename(const char *from, const char *to);
int world_unlink(const char *path);
int world_lstat(const char *path, struct stat *status);
int world_sigprocmask(int how, const sigset_t *set, sigset_t *old);
int world_pthread_create(pthread_t *thread, const pthread_attr_t *settings,
			 void *(*run)(void *), void *context);

#endif
