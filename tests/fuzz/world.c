// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The world of a reader that is fuzzed: nothing that it does reaches this one,
// and an input does the same on every machine. Each world_NAME() is called in the
// place of libc's NAME(), which the Makefile sees to; the rest is what everybody
// runs.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "../../tools/names.h"
#include "../../tools/query.h"
#include "../../tools/reader.h"
#include "json.h"
#include "libc.h"
#include "world.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define LIVE_LISTING "/proc/sockowners"
#define LISTING_FD   1000
#define SOCKET_FD    1001
#define NEW_FD	     1002

/* Of those that are not freed. */
#define BLOCKS_MAX 65536

#define OUTPUT_MAX    (4 * 1024 * 1024)
#define ARGUMENTS_MAX 256

/* What the first bytes of an input choose from. */

static const size_t read_sizes[] = { SIZE_MAX, 1, 2, 7, 100 };

/* errno of open() for writing, open(), write() of conditions, of columns, read() */
static const struct live {
	int open_rw, open, conditions, columns, read;
} lives[] = {
	{ 0 },
	{ .open_rw = EACCES },
	{ .open_rw = EROFS, .read = EINTR },
	{ .conditions = EINVAL },
	{ .conditions = EINTR },
	{ .conditions = EINVAL, .columns = EINVAL },
	{ .open_rw = ENOENT, .open = ENOENT },
	{ .open_rw = EMFILE, .open = EMFILE },
	{ .open_rw = EPERM, .open = EPERM },
	{ .read = EIO },
	{ .read = ENOMEM },
};

static const struct terminal {
	bool is_one;
	unsigned short width;
	const char *columns, *no_color;
} terminals[] = {
	{ 0 },
	{ .is_one = true, .width = 80 },
	{ .is_one = true, .width = 80, .no_color = "1" },
	{ .is_one = true, .width = 20, .no_color = "" },
	{ .is_one = true, .width = 65535 },
	{ .is_one = true },
	{ .is_one = true, .columns = "1" },
	{ .is_one = true, .columns = "72", .no_color = "1" },
	{ .is_one = true, .columns = "-1" },
	{ .is_one = true, .columns = "none" },
	{ .columns = "40" },
};

/* Which of them fails: 1 is the first. */
static const struct failure {
	size_t allocation, output;
	int error;
} failures[32] = {
	{ 0 },
	{ .allocation = 1 },
	{ .allocation = 2 },
	{ .allocation = 3 },
	{ .allocation = 4 },
	{ .allocation = 5 },
	{ .allocation = 7 },
	{ .allocation = 9 },
	{ .allocation = 12 },
	{ .output = 1, .error = EPIPE },
	{ .output = 1, .error = ENOSPC },
	{ .output = 2, .error = EPIPE },
	{ .output = 2, .error = EIO },
};

/* What is the case in this run. */
static struct {
	size_t read_size;
	const struct live *live;
	const struct terminal *terminal;
	const struct failure *failure;
	const struct world *world;
	const char *listing;
	size_t left;
	bool is_live;
	bool is_screen;
	bool is_new_open, has_replaced;
	char is_new[PATH_MAX];
	size_t waits;
	bool has_read;
	bool has_socket;
	bool lost_output;
	size_t writes;
	size_t allocations, outputs;
	jmp_buf end;
} now;

struct stream {
	size_t length;
	char text[OUTPUT_MAX + 1];
};

static struct stream out, err;

static void *blocks[BLOCKS_MAX];
static size_t block_count;

/* The run must not be: the fuzzer keeps its input. */
static void wrong(const char *what, const char *text)
{
	dprintf(STDERR_FILENO, "\nERROR: %s:\n%s\n", what, text);
	abort();
}

/**
 * world_choice() - one of some
 * @byte: of the input; 'A' is the first, so that people can read an input
 * @count: of how many
 */
size_t world_choice(unsigned char byte, size_t count)
{
	return (unsigned char)(byte - 'A') % count;
}

/* Memory: what a program leaves to its end is freed at the end of the run. */

static void *keep(void *block)
{
	if (block)
		blocks[block_count++] = block;
	return block;
}

static bool may_allocate(void)
{
	now.allocations++;
	if (now.allocations != now.failure->allocation &&
	    block_count < BLOCKS_MAX)
		return true;
	errno = ENOMEM;
	return false;
}

static void forget(const void *block)
{
	for (size_t i = block_count; i--;) {
		if (blocks[i] == block) {
			blocks[i] = blocks[--block_count];
			return;
		}
	}
	wrong("not allocated", "");
}

void *world_malloc(size_t size)
{
	return may_allocate() ? keep(malloc(size)) : NULL;
}

void *world_calloc(size_t count, size_t size)
{
	return may_allocate() ? keep(calloc(count, size)) : NULL;
}

void *world_reallocarray(void *block, size_t count, size_t size)
{
	if (!may_allocate())
		return NULL;
	if (block)
		forget(block);
	return keep(reallocarray(block, count, size));
}

void *world_realloc(void *block, size_t size)
{
	return world_reallocarray(block, 1, size);
}

char *world_strdup(const char *text)
{
	return may_allocate() ? keep(strdup(text)) : NULL;
}

void world_free(void *block)
{
	if (block)
		forget(block);
	free(block);
}

/* What libc allocates for a stream becomes the reader's when that is closed. */
static FILE *memory_stream;
static char **memory_text;

FILE *world_open_memstream(char **text, size_t *length)
{
	if (!may_allocate())
		return NULL;
	memory_stream = open_memstream(text, length);
	memory_text = text;
	return memory_stream;
}

int world_fclose(FILE *file)
{
	bool is_memory = file == memory_stream;
	int result = fclose(file);

	if (is_memory)
		keep(*memory_text);
	return result;
}

noreturn void world_exit(int status)
{
	longjmp(now.end, status + 1);
}

/* Files: each of them is the listing. */

static void begin_listing(void)
{
	now.listing = now.world->listing;
	now.left = now.world->length;
}

int world_open(const char *path, int flags, ...)
{
	bool writes = (flags & O_ACCMODE) == O_RDWR;

	now.is_live = !strcmp(path, LIVE_LISTING);
	errno = ENOENT;
	if (now.is_live)
		errno = writes ? now.live->open_rw : now.live->open;
	else if (*path)
		errno = 0;
	begin_listing();
	return errno ? -1 : LISTING_FD;
}

int world_close(int fd)
{
	if (fd == SOCKET_FD && now.has_socket) {
		now.has_socket = false;
		return 0;
	}
	if (fd == NEW_FD && now.is_new_open)
		now.is_new_open = false;
	else if (fd != LISTING_FD)
		wrong("closes another file", "");
	return 0;
}

/* A socket is there to find out whether it can have an address. */

int world_socket(int family, int type, int protocol)
{
	(void)type;
	(void)protocol;
	if (family == AF_INET6 && now.live->read) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	if (now.has_socket)
		wrong("needs several sockets", "");
	now.has_socket = true;
	return SOCKET_FD;
}

int world_setsockopt(int fd, int level, int name, const void *value,
		     socklen_t length)
{
	if (fd != SOCKET_FD || !now.has_socket)
		wrong("changes another socket", "");
	(void)level;
	(void)value;
	(void)length;
	errno = ENODEV;
	return name == SO_BINDTODEVICE && now.terminal->is_one ? -1 : 0;
}

int world_bind(int fd, const struct sockaddr *address, socklen_t length)
{
	static const int errors[] = { 0, EADDRNOTAVAIL, EINVAL, EACCES };
	const struct sockaddr_in6 *v6 = (const void *)address;

	/* sin_port is in the same place. */
	if (fd != SOCKET_FD || !now.has_socket || v6->sin6_port)
		wrong("takes a port", "");
	(void)length;
	errno = errors[(size_t)(now.failure - failures) % 4];
	return errno ? -1 : 0;
}

off_t world_lseek(int fd, off_t offset, int from)
{
	if (fd != LISTING_FD || offset || from != SEEK_SET)
		wrong("seeks elsewhere", "");
	begin_listing();
	return 0;
}

ssize_t world_read(int fd, void *to, size_t size)
{
	int error = now.live->read;
	bool is_signal = error == EINTR;

	if (fd != LISTING_FD && fd != STDIN_FILENO)
		wrong("reads from another file", "");
	/* A signal comes in the first, a fault in a later one. */
	if (error && is_signal != now.has_read) {
		now.has_read = true;
		errno = error;
		return -1;
	}
	now.has_read = true;
	if (size > now.read_size)
		size = now.read_size;
	if (size > now.left)
		size = now.left;
	memcpy(to, now.listing, size);
	now.listing += size;
	now.left -= size;
	return (ssize_t)size;
}

/* As the kernel takes it: terms of printable ASCII, with a space between two. */
static void check_query(const char *query, size_t length)
{
	char last = ' ';

	if (length > QUERY_MAX || strncmp(query, "columns=", 8))
		wrong("a query without columns, or too long", "");
	for (size_t i = 0; i < length; i++) {
		if (query[i] < ' ' || query[i] > '~' ||
		    (query[i] == ' ' && last == ' '))
			wrong("a bad byte in a query", query);
		last = query[i];
	}
	if (last == ' ' || last == ',')
		wrong("a term of the query without a value", query);
}

/* A file that takes the place of another one is not left beside it. */

static int fail(int error)
{
	errno = error;
	return -1;
}

int world_mkostemp(char *path, int flags)
{
	size_t length = strlen(path);

	(void)flags;
	if (length < 7 || strcmp(path + length - 7, ".XXXXXX"))
		wrong("no name for a file beside another", path);
	memcpy(path + length - 6, "beside", 6);
	if (*path == '/')
		return fail(EACCES);
	snprintf(now.is_new, sizeof(now.is_new), "%s", path);
	now.is_new_open = true;
	return NEW_FD;
}

int world_fchmod(int fd, mode_t mode)
{
	if (fd != NEW_FD || mode != 0644)
		wrong("changes a mode", "");
	return 0;
}

int world_fsync(int fd)
{
	return fd == NEW_FD ? 0 : fail(EBADF);
}

int world_rename(const char *from, const char *to)
{
	size_t length = strlen(to);

	if (strcmp(from, now.is_new) || strncmp(from, to, length) ||
	    from[length] != '.')
		wrong("renames another file", from);
	if (now.live->columns)
		return fail(EISDIR);
	now.has_replaced = true;
	*now.is_new = '\0';
	return 0;
}

int world_unlink(const char *path)
{
	if (strcmp(path, now.is_new))
		wrong("removes another file", path);
	*now.is_new = '\0';
	return 0;
}

int world_lstat(const char *path, struct stat *status)
{
	*status = (struct stat){ .st_mode = S_IFREG };
	if (!strcmp(path, "null"))
		status->st_mode = S_IFCHR;
	return strchr(path, 'x') ? fail(ENOENT) : 0;
}

int world_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	(void)how;
	(void)set;
	if (old)
		sigemptyset(old);
	return 0;
}

/* There is nothing to overlap: what it would read is here already. */
int world_pthread_create(pthread_t *thread, const pthread_attr_t *settings,
			 void *(*run)(void *), void *context)
{
	(void)thread;
	(void)settings;
	(void)run;
	(void)context;
	errno = EAGAIN;
	return errno;
}

ssize_t world_write(int fd, const void *from, size_t size)
{
	/* That it takes the whole screen, or gives it back. */
	if (fd == STDOUT_FILENO) {
		now.is_screen = true;
		return (ssize_t)size;
	}
	if (fd == NEW_FD && now.is_new_open)
		return now.failure->output ? fail(now.failure->error) :
					     (ssize_t)size;
	if (fd != LISTING_FD || !now.is_live)
		wrong("writes to another file", "");
	check_query(from, size);
	errno = now.writes++ ? now.live->columns : now.live->conditions;
	if (errno == EINTR && now.writes > 1)
		errno = 0;
	return errno ? -1 : (ssize_t)size;
}

FILE *world_fopen(const char *path, const char *mode)
{
	static const char id[] = "0f1e2d3c-0000-4000-8000-0123456789ab\n";

	(void)path;
	(void)mode;
	return now.terminal->columns ?
		       NULL :
		       fmemopen((void *)id, sizeof(id) - 1, "r");
}

int world_stat(const char *path, struct stat *status)
{
	static const char *const files[] = { "/proc/1/ns/net",
					     "/proc/42/ns/net",
					     "/run/netns/blue", "/blue" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!strcmp(path, files[i])) {
			*status = (struct stat){ .st_ino = 4026531840 + i };
			return 0;
		}
	}
	errno = ENOENT;
	return -1;
}

/* Those that have a number are namespaces. */
int world_statfs(const char *path, struct statfs *system)
{
	struct stat status;

	*system = (struct statfs){ .f_type = NSFS_MAGIC };
	return world_stat(path, &status);
}

static const struct {
	const char *path;
	int type;
} tree[] = {
	{ "/sys/fs/cgroup", FTS_D },
	{ "/sys/fs/cgroup/cgroup.procs", FTS_F },
	{ "/sys/fs/cgroup/system.slice", FTS_D },
	{ "/sys/fs/cgroup/system.slice/web.service", FTS_D },
	{ "/sys/fs/cgroup//system.slice", FTS_D },
	{ "/sys/fs/cgroup//system.slice/web.service", FTS_D },
	{ "/sys/fs/cgroup/user.slice", FTS_D },
};

int world_access(const char *path, int mode)
{
	(void)mode;
	for (size_t i = 0; i < ARRAY_SIZE(tree); i++) {
		if (!strcmp(path, tree[i].path))
			return 0;
	}
	errno = ENOENT;
	return -1;
}

/* The walk, of which there is one at a time. */
static const char *walked;
static size_t walked_to;

FTS *world_fts_open(char *const *paths, int options,
		    int (*compare)(const struct _ftsent **a,
				   const struct _ftsent **b))
{
	static FTS fts;

	(void)options;
	(void)compare;
	walked = *paths;
	walked_to = 0;
	return &fts;
}

FTSENT *world_fts_read(FTS *fts)
{
	static struct stat status;
	static FTSENT entry;

	(void)fts;
	while (walked_to < ARRAY_SIZE(tree)) {
		const char *found = tree[walked_to].path;
		size_t length = strlen(walked);

		status.st_ino = ++walked_to;
		if (strncmp(found, walked, length) ||
		    (found[length] && found[length] != '/'))
			continue;
		entry.fts_path = (char *)found;
		entry.fts_info = (unsigned short)tree[walked_to - 1].type;
		entry.fts_statp = &status;
		return &entry;
	}
	return NULL;
}

int world_fts_close(FTS *fts)
{
	(void)fts;
	return 0;
}

/* Names. */

static char long_name[USER_NAME_MAX + 2];

static const struct {
	char *name;
	unsigned int uid;
} users[] = {
	{ "root", 0 }, { "daemon", 1 },	      { long_name, 2 },
	{ "-", 3 },    { "a\033[2Jname", 4 }, { "", 5 },
	{ "\"\\", 6 }, { long_name + 1, 7 },
};

int world_getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t size,
		     struct passwd **found)
{
	int too_small = ERANGE;

	*found = NULL;
	if (uid == 4294967294 || (uid == 1 && size < 4096))
		return too_small;
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		if (users[i].uid != uid)
			continue;
		entry->pw_name = strcpy(buffer, users[i].name);
		*found = entry;
	}
	return 0;
}

struct passwd *world_getpwnam(const char *name)
{
	static struct passwd entry;

	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		entry.pw_uid = users[i].uid;
		if (!strcmp(users[i].name, name))
			return &entry;
	}
	return NULL;
}

struct servent *world_getservbyname(const char *name, const char *protocol)
{
	static const struct {
		const char *name, *protocol;
		unsigned short port;
	} services[] = {
		{ "http", "tcp", 80 },	   { "domain", "tcp", 53 },
		{ "domain", "udp", 53 },   { "3com-tsmux", "tcp", 106 },
		{ "last", "sctp", 65535 }, { "last", "dccp", 0 },
	};
	static struct servent entry;

	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		entry.s_port = htons(services[i].port);
		if (!strcmp(services[i].name, name) &&
		    !strcmp(services[i].protocol, protocol))
			return &entry;
	}
	return NULL;
}

struct servent *world_getservbyport(int port, const char *protocol)
{
	static struct servent entry;

	(void)protocol;
	entry.s_name = users[ntohs((uint16_t)port) % ARRAY_SIZE(users)].name;
	return port & 1 ? NULL : &entry;
}

/* Names of users are odd enough for hosts. */
int world_getnameinfo(const struct sockaddr *address, socklen_t length,
		      char *host, socklen_t host_size, char *service,
		      socklen_t service_size, int flags)
{
	unsigned char last = ((const unsigned char *)address)[7];

	(void)length;
	(void)service;
	(void)service_size;
	(void)flags;
	snprintf(host, host_size, "%s", users[last % ARRAY_SIZE(users)].name);
	return last & 8 ? EAI_NONAME : 0;
}

int world_gethostname(char *name, size_t size)
{
	/* An odd one where the terminal has no colours. */
	snprintf(name, size, "%s", now.terminal->no_color ? "a\"b" : "host");
	return 0;
}

int world_clock_gettime(clockid_t clock, struct timespec *time)
{
	(void)clock;
	*time = (struct timespec){ .tv_sec = 1700000000, .tv_nsec = 999999999 };
	return 0;
}

/* The terminal. */

char *world_getenv(const char *name)
{
	if (!strcmp(name, "TERM"))
		return now.terminal->columns ? "dumb" : "xterm";
	return (char *)(strcmp(name, "COLUMNS") ? now.terminal->no_color :
						  now.terminal->columns);
}

int world_isatty(int fd)
{
	(void)fd;
	return now.terminal->is_one;
}

int world_ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;

	(void)fd;
	if (request == NS_GET_NSTYPE)
		return CLONE_NEWNET;
	if (request == NS_GET_USERNS)
		return now.terminal->is_one ? LISTING_FD : -1;
	va_start(arguments, request);
	if (request == TIOCGWINSZ)
		*va_arg(arguments, struct winsize *) = (struct winsize){
			.ws_col = now.terminal->width,
			.ws_row = now.terminal->width / 8,
		};
	va_end(arguments);
	return now.terminal->is_one ? 0 : -1;
}

int world_tcgetattr(int fd, struct termios *settings)
{
	(void)fd;
	*settings = (struct termios){ 0 };
	return 0;
}

int world_tcsetattr(int fd, int when, const struct termios *settings)
{
	(void)fd;
	(void)when;
	(void)settings;
	return 0;
}

/* No signal comes: the handlers are not the fuzzer's. */
int world_sigaction(int number, const struct sigaction *action,
		    struct sigaction *old)
{
	(void)number;
	(void)action;
	if (old)
		*old = (struct sigaction){ 0 };
	return 0;
}

sighandler_t world_signal(int number, sighandler_t handler)
{
	(void)number;
	(void)handler;
	return SIG_DFL;
}

/* After three listings whoever reads them goes away. */
int world_ppoll(struct pollfd *fds, nfds_t count,
		const struct timespec *timeout, const sigset_t *mask)
{
	(void)timeout;
	(void)mask;
	for (nfds_t i = 0; i < count; i++)
		fds[i].revents = 0;
	if (++now.waits < 3)
		return 0;
	fds[0].revents = POLLERR;
	return 1;
}

/* Output. */

static ssize_t take_output(void *cookie, const char *text, size_t length)
{
	struct stream *stream = cookie;
	size_t room = OUTPUT_MAX - stream->length;

	if (stream == &out && ++now.outputs == now.failure->output) {
		now.lost_output = true;
		errno = now.failure->error;
		return 0;
	}
	if (length > room) {
		now.lost_output = true;
		memcpy(stream->text + stream->length, text, room);
		stream->length += room;
	} else {
		memcpy(stream->text + stream->length, text, length);
		stream->length += length;
	}
	return (ssize_t)length;
}

static FILE *open_stream(struct stream *stream)
{
	const cookie_io_functions_t functions = { .write = take_output };
	FILE *file = fopencookie(stream, "w", functions);

	if (!file)
		abort();
	stream->length = 0;
	return file;
}

/* How long what the reader itself tells the terminal is, 0 for anything else. */
static size_t own_sequence(const char *text, bool may_have_colours,
			   bool may_be_screen)
{
	static const char *const colours[] = { "\033[0m",    "\033[1m",
					       "\033[7m",    "\033[1;31m",
					       "\033[1;32m", "\033[31m",
					       "\033[32m",   "\033[33m" };
	static const char *const moves[] = { "\033[H", "\033[K", "\033[J",
					     "\r\n" };

	for (size_t i = 0; may_have_colours && i < ARRAY_SIZE(colours); i++) {
		if (!strncmp(text, colours[i], strlen(colours[i])))
			return strlen(colours[i]);
		/* Where the output was lost it may be the beginning of one. */
		if (now.lost_output && !strncmp(text, colours[i], strlen(text)))
			return strlen(text);
	}
	for (size_t i = 0; may_be_screen && i < ARRAY_SIZE(moves); i++) {
		if (!strncmp(text, moves[i], strlen(moves[i])))
			return strlen(moves[i]);
	}
	return 0;
}

/* Nothing that comes from elsewhere moves a cursor. */
static void check_bytes(const char *text, bool may_have_colours,
			bool may_be_screen)
{
	for (const char *p = text; *p; p++) {
		size_t own = own_sequence(p, may_have_colours, may_be_screen);

		if (own)
			p += own - 1;
		else if ((*p < ' ' || *p > '~') && *p != '\n')
			wrong("a bad byte in the output", text);
	}
}

static void check_message(const char *text)
{
	check_bytes(text, false, false);
	while (*text) {
		if (strncmp(text, "sockowners: ", 12))
			wrong("a message without a name", text);
		text = strchr(text, '\n');
		if (!text++)
			wrong("a message without an end", err.text);
	}
}

static void check(const struct world *world, int status)
{
	bool nothing = status == STATUS_NOTHING;
	bool json, colours, repeated, verdict;

	out.text[out.length] = '\0';
	err.text[err.length] = '\0';
	json = world->form == FORM_JSON ||
	       (world->form == FORM_ANY && *out.text == '{');
	if (now.is_new_open || *now.is_new)
		wrong("a file is left behind", now.is_new);
	colours = now.terminal->is_one && !json &&
		  !(now.terminal->no_color && *now.terminal->no_color);
	if (strlen(out.text) != out.length || strlen(err.text) != err.length)
		wrong("a NUL in the output", out.text);
	/* What --why prints, also if nothing is in the way. */
	verdict = !strncmp(out.text, "bind() to ", 10);
	repeated = now.is_screen || !strncmp(out.text, "# 2023-", 7);
	/* Where some of it is lost, so may be the half of a sequence. */
	if (!now.lost_output || (!now.is_screen && !colours))
		check_bytes(out.text, colours, now.is_screen);
	check_message(err.text);
	if (status < STATUS_LISTED || status > STATUS_NO_MODULE)
		wrong("an exit status that is none", err.text);
	if (status >= STATUS_ERROR && !err.length)
		wrong("an error without a message", out.text);
	if (status >= STATUS_ERROR || now.lost_output)
		return;
	if (out.length && out.text[out.length - 1] != '\n' && !now.is_screen)
		wrong("output without an end", out.text);
	if (json && !json_is_good(out.text))
		wrong("output that is no JSON", out.text);
	if (!json && !repeated && !verdict && !now.has_replaced &&
	    nothing == !!out.length)
		wrong("output with the wrong exit status", out.text);
}

/**
 * world_run() - run the reader
 * @world: where
 * @argc: of @argv
 * @argv: arguments, with the program's name
 *
 * Ends the program if the reader did what it must not.
 */
void world_run(const struct world *world, int argc, const char *const *argv)
{
	/* They are changed between setjmp() and longjmp(). */
	static char *arguments[ARGUMENTS_MAX + 1];
	FILE *real_out = stdout, *real_err = stderr;
	int status;

	memset(long_name, 'x', sizeof(long_name) - 1);
	now.read_size = read_sizes[world_choice(world->bytes[0],
						ARRAY_SIZE(read_sizes))];
	now.live = &lives[world_choice(world->bytes[1], ARRAY_SIZE(lives))];
	now.terminal =
		&terminals[world_choice(world->bytes[2], ARRAY_SIZE(terminals))];
	now.failure =
		&failures[world_choice(world->bytes[3], ARRAY_SIZE(failures))];
	now.world = world;
	begin_listing();
	now.is_screen = false;
	now.is_new_open = false;
	now.has_replaced = false;
	*now.is_new = '\0';
	now.waits = 0;
	now.is_live = false;
	now.has_read = false;
	now.has_socket = false;
	now.lost_output = false;
	now.writes = 0;
	now.allocations = 0;
	now.outputs = 0;

	if (argc > ARGUMENTS_MAX)
		argc = ARGUMENTS_MAX;
	for (int i = 0; i < argc; i++)
		arguments[i] = keep(strdup(argv[i]));
	arguments[argc] = NULL;
	stdout = open_stream(&out);
	stderr = open_stream(&err);
	/* Tells getopt_long() to begin anew. */
	optind = 0;

	status = setjmp(now.end) - 1;
	if (status < 0)
		status = reader_run(argc, arguments);

	fclose(stdout);
	fclose(stderr);
	stdout = real_out;
	stderr = real_err;
	while (block_count)
		free(blocks[--block_count]);
	check(world, status);
}
