// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Every operation on the file with arguments that make no sense: none hurts, and
 * after each round a reading is whole. What must fail for certain is also asked
 * for one by one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/effort.h"
#include "lib/expect.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_SOCKETS 300
#define ROOM	   (256 * 1024)

static struct expect expect;
static char *room, *forbidden;

static int open_listing(void)
{
	int fd = open(LISTING_PATH, O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		tap_bail_errno("open");
	return fd;
}

/* A pseudo-random number; the same ones in every run. */
static unsigned long any(void)
{
	static unsigned long long state = 20221211;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return state >> 33;
}

static size_t any_size(void)
{
	static const size_t sizes[] = { 0,	   1,	     2,
					4095,	   4096,     4097,
					65536,	   ROOM,     INT_MAX,
					1UL << 31, SIZE_MAX, SIZE_MAX >> 1 };

	return any() % 3 ? any() % 300 : sizes[any() % ARRAY_SIZE(sizes)];
}

static long long any_offset(void)
{
	static const long long offsets[] = { 0,		1,	   -1,
					     LLONG_MAX, LLONG_MIN, INT_MAX,
					     1LL << 32, 4096 };

	return any() % 3 ? (long long)(any() % 30000) :
			   offsets[any() % ARRAY_SIZE(offsets)];
}

static void *any_memory(void)
{
	void *places[] = { room,
			   room + ROOM - 1,
			   forbidden,
			   NULL,
			   (void *)1,
			   (void *)-4096L,
			   (void *)0xffff888000000000UL };

	return any() % 2 ? room : places[any() % ARRAY_SIZE(places)];
}

/* Never more than there is, unless the memory is bad anyway. */
static size_t fitting(const void *memory, size_t size)
{
	return memory == room && size > ROOM ? ROOM : size;
}

static void any_vector(int fd, bool out)
{
	struct iovec vector[16];
	unsigned int nr = any() % ARRAY_SIZE(vector);

	for (unsigned int i = 0; i < nr; i++) {
		vector[i].iov_base = any_memory();
		vector[i].iov_len = fitting(vector[i].iov_base, any_size());
	}
	if (out)
		syscall(SYS_pwritev2, fd, vector, nr, -1L, 0L, any() % 64);
	else if (any() % 2)
		syscall(SYS_readv, fd, vector, any() % 8 ? nr : any());
	else
		syscall(SYS_preadv2, fd, vector, nr, any_offset(), 0L,
			any() % 64);
}

static void any_query(int fd)
{
	static const char *const queries[] = {
		"lport=1-65535",
		"pid!=1",
		"",
		"\n",
		"columns=all",
		"state=LISTEN,",
		"comm=\\000",
		"addr=::/0",
		"port=-",
		"inode=18446744073709551616",
		"dev=lo dev!=lo",
		"columns=fd",
	};
	const char *query = queries[any() % ARRAY_SIZE(queries)];

	if (any() % 3)
		syscall(SYS_write, fd, query, strlen(query));
	else
		syscall(SYS_write, fd, any_memory(), any_size());
}

static void one_operation(int fd, int pipe_end, int null)
{
	void *memory = any_memory(), *mapping;
	size_t size = fitting(memory, any_size());
	struct pollfd poll_fd = { .fd = fd, .events = any() };
	off_t offset = any_offset();

	switch (any() % 13) {
	case 0:
	case 1:
		syscall(SYS_read, fd, memory, size);
		break;
	case 2:
		syscall(SYS_pread64, fd, memory, size, offset);
		break;
	case 3:
		any_vector(fd, false);
		break;
	case 4:
		any_vector(fd, true);
		break;
	case 5:
		any_query(fd);
		break;
	case 6:
		syscall(SYS_lseek, fd, offset, any() % 7);
		break;
	case 7:
		syscall(SYS_ioctl, fd, any() << 8 ^ any(), memory);
		break;
	case 8:
		mapping = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (mapping != MAP_FAILED)
			tap_bail("the file can be mapped");
		break;
	case 9:
		poll(&poll_fd, 1, 0);
		break;
	case 10:
		splice(fd, any() % 2 ? &offset : NULL, pipe_end, NULL,
		       any() % 60000, SPLICE_F_NONBLOCK);
		break;
	case 11:
		sendfile(null, fd, any() % 2 ? &offset : NULL, any() % 100000);
		break;
	case 12:
		fcntl(fd, F_SETFL, any() & (O_APPEND | O_NONBLOCK));
		ftruncate(fd, offset);
		fallocate(fd, any() % 4, 0, 4096);
		break;
	}
}

static void drain(int pipe_end)
{
	static char away[65536];

	while (read(pipe_end, away, sizeof(away)) > 0)
		;
}

static void check_random(void)
{
	const int nr_operations = times(20000, 4000, 1500);
	unsigned int faults = 0;
	int pipe_ends[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC) || null < 0)
		tap_bail_errno("pipe");
	for (int i = 0; i < nr_operations / 100; i++) {
		struct listing listing;
		int fd = open_listing();

		for (int j = 0; j < 100; j++)
			one_operation(fd, pipe_ends[1], null);
		drain(pipe_ends[0]);
		close(fd);
		if (i % 10)
			continue;
		listing_read(&listing);
		faults += expect_differences(&expect, &listing) != 0;
		listing_free(&listing);
	}
	tap_is_number(faults, 0, "%d wild operations: another reading is whole",
		      nr_operations);
}

/* What is left of a reading after an operation is what would have been. */
static void check_bad_memory(void)
{
	int fd = open_listing();
	struct listing listing;
	size_t length;
	char *rest;
	bool refused;

	refused = syscall(SYS_read, fd, forbidden, 4096) < 0 && errno == EFAULT;
	refused &= syscall(SYS_read, fd, NULL, 100000) < 0 && errno == EFAULT;
	refused &= syscall(SYS_write, fd, forbidden, 10) < 0 && errno == EFAULT;
	rest = slurp(fd, 65536, &length);
	tap_ok(refused && rest, "bad memory: EFAULT");
	listing_parse(&listing, rest, length);
	tap_ok(!expect_differences(&expect, &listing),
	       "and nothing of the listing is lost");
	listing_free(&listing);
	close(fd);
}

static ssize_t ring_read(int fd, void *memory, unsigned int size,
			 unsigned long long offset)
{
	struct io_uring_params params = { 0 };
	int ring = syscall(SYS_io_uring_setup, 1, &params);
	unsigned int *sq_tail, *sq_array, *cq_tail;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	char *sq, *cq;
	ssize_t result;

	if (ring < 0)
		tap_bail_errno("io_uring_setup");
	sq = mmap(NULL, params.sq_off.array + sizeof(unsigned int),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, params.cq_off.cqes + 2 * sizeof(*cqe),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		   IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		tap_bail_errno("io_uring mmap");
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_READ;
	sqe->fd = fd;
	sqe->addr = (unsigned long)memory;
	sqe->len = size;
	sqe->off = offset;
	sq_tail = (unsigned int *)(sq + params.sq_off.tail);
	sq_array = (unsigned int *)(sq + params.sq_off.array);
	cq_tail = (unsigned int *)(cq + params.cq_off.tail);
	cqe = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
	sq_array[0] = 0;
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1 ||
	    !__atomic_load_n(cq_tail, __ATOMIC_ACQUIRE))
		tap_bail_errno("io_uring_enter");
	result = cqe->res;
	close(ring);
	return result;
}

static void check_ring(void)
{
	int fd = open_listing();
	ssize_t got;

	got = ring_read(fd, room, 4096, -1ULL);
	tap_ok(got > 0 && !strncmp(room, "pid\t", 4),
	       "io_uring reads it: %zd bytes", got);
	tap_is_number(ring_read(fd, NULL, 4096, -1ULL), -EFAULT,
		      "io_uring, bad memory");
	tap_ok(ring_read(fd, room, 64, LLONG_MAX) <= 0,
	       "io_uring, behind the end of everything");
	close(fd);
}

int main(void)
{
	tap_plan(1 + 2 + 3 + 1);
	allow_descriptors(2048);
	net_enter_new();
	room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	forbidden =
		mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED || forbidden == MAP_FAILED)
		tap_bail_errno("mmap");
	for (int i = 0; i < NR_SOCKETS; i++)
		expect_fd(&expect, tcp_listen("127.0.0.1", 1));
	expect_namespace(&expect);
	check_random();
	check_bad_memory();
	check_ring();
	expect_listed(&expect, "and a last time");
	return tap_done();
}
