/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_FUZZ_LIBC_H
#define SOCKOWNERS_FUZZ_LIBC_H

#include <ftw.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the reader calls in the place of those of libc: the Makefile renames them. */
void *world_malloc(size_t size);
void *world_calloc(size_t count, size_t size);
void *world_reallocarray(void *block, size_t count, size_t size);
char *world_strdup(const char *text);
void world_free(void *block);
noreturn void world_exit(int status);
int world_open(const char *path, int flags, ...);
ssize_t world_read(int fd, void *to, size_t size);
ssize_t world_write(int fd, const void *from, size_t size);
FILE *world_fopen(const char *path, const char *mode);
int world_stat(const char *path, struct stat *status);
int world_access(const char *path, int mode);
int world_nftw(const char *path, __nftw_func_t call, int files, int flags);
int world_getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t size,
		     struct passwd **found);
struct passwd *world_getpwnam(const char *name);
struct servent *world_getservbyname(const char *name, const char *protocol);
int world_gethostname(char *name, size_t size);
int world_clock_gettime(clockid_t clock, struct timespec *time);
char *world_getenv(const char *name);
int world_isatty(int fd);
int world_ioctl(int fd, unsigned long request, ...);

#endif
