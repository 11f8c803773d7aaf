// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// A file that somebody else reads at any time: it is the old one or the new one, and
// whole, also after a crash.

/* For mkostemp(). */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "replace.h"

/* Everybody may read it, whatever the umask is: that is what it is for. */
#define MODE 0644

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

static int write_beside(char *beside, const char *path, const char *text,
			size_t length)
{
	int fd = mkostemp(beside, O_CLOEXEC);
	int error;

	if (fd < 0)
		return -1;
	if (!fchmod(fd, MODE) && !write_all(fd, text, length) && !fsync(fd) &&
	    !rename(beside, path)) {
		close(fd);
		return 0;
	}
	error = errno;
	unlink(beside);
	close(fd);
	errno = error;
	return -1;
}

/**
 * replace_file() - write a file, in the place of the one that has its name
 * @path: its name
 * @text: what is to be in it
 * @length: of @text
 *
 * It is written beside it under a name that ends differently. No signal that may
 * be blocked leaves that behind.
 *
 * Return: 0, or -1 with errno, and then all is as it was. ENOTSUP: something that is
 * no regular file has its name, such as a symbolic link.
 */
int replace_file(const char *path, const char *text, size_t length)
{
	char beside[PATH_MAX];
	sigset_t all, before;
	struct stat status;
	int result, error;

	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >=
	    (int)sizeof(beside)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* Root could take the place of /dev/null. */
	if (!lstat(path, &status) && !S_ISREG(status.st_mode)) {
		errno = ENOTSUP;
		return -1;
	}
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	result = write_beside(beside, path, text, length);
	error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return result;
}
