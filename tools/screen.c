// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The terminal while something is redrawn on it, and waiting for who looks at it.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "screen.h"

/* The alternate screen keeps what was there before; and no cursor. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[0m\033[?25h\033[?1049l"

#define NSEC 1000000000U

/* Signals that end the program. */
static const int deadly[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP };

/* Handlers read and write these. */
static atomic_bool entered, drawn_on, redraw;
static int keys = -1;
static struct termios before;
static sigset_t waiting_mask;

/**
 * screen_is_one() - whether standard output can be redrawn in place
 */
bool screen_is_one(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

/* Handlers call it, and so it is nothing but write(). */
static void say(const char *sequence)
{
	size_t length = strlen(sequence);

	while (length) {
		ssize_t written = write(STDOUT_FILENO, sequence, length);

		if (written < 0 && errno != EINTR)
			return;
		if (written > 0) {
			sequence += written;
			length -= (size_t)written;
		}
	}
}

/* Each key counts at once, and is not shown; but Ctrl-C is still a signal. */
static void set_terminal(void)
{
	struct termios now = before;

	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	/* In the background it stops here, before it writes. */
	if (keys >= 0)
		tcsetattr(keys, TCSADRAIN, &now);
	if (!drawn_on)
		say(ENTER);
	drawn_on = true;
}

static void reset_terminal(void)
{
	say(LEAVE);
	drawn_on = false;
	if (keys >= 0)
		tcsetattr(keys, TCSADRAIN, &before);
}

/* Once more, now that its handler is gone. */
static void take_default(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void end(int number)
{
	int error = errno;

	reset_terminal();
	take_default(number);
	errno = error;
}

static void handle(int number, void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler,
				    .sa_flags = SA_RESTART };

	sigfillset(&action.sa_mask);
	sigdelset(&action.sa_mask, SIGCONT);
	sigdelset(&action.sa_mask, SIGTTOU);
	sigaction(number, &action, NULL);
}

/* What stands on the terminal meanwhile is the shell's. */
static void stop(int number)
{
	int error = errno;

	reset_terminal();
	take_default(number);
	handle(number, stop);
	if (entered)
		set_terminal();
	errno = error;
}

/* Whoever stopped it: the shell may have set the terminal as it likes it. */
static void go_on(int number)
{
	int error = errno;

	(void)number;
	if (entered)
		set_terminal();
	redraw = true;
	errno = error;
}

static void resize(int number)
{
	(void)number;
	redraw = true;
}

/* A signal that was ignored from the beginning stays so. */
static void handle_deadly(int number)
{
	struct sigaction old;

	if (!sigaction(number, NULL, &old) && old.sa_handler != SIG_IGN)
		handle(number, end);
}

/**
 * screen_enter() - take the terminal
 *
 * Until screen_leave(), or a signal that ends the program, which first gives it
 * back.
 */
void screen_enter(void)
{
	sigset_t set;

	keys = isatty(STDIN_FILENO) ? STDIN_FILENO :
				      open("/dev/tty", O_RDONLY | O_CLOEXEC);
	if (keys >= 0 && tcgetattr(keys, &before))
		keys = -1;

	/*
	 * What is to be drawn anew is seen when nothing is being drawn. The rest
	 * comes at any time: reading a large listing takes long.
	 */
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, &waiting_mask);
	sigdelset(&waiting_mask, SIGWINCH);
	sigdelset(&waiting_mask, SIGCONT);

	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		handle_deadly(deadly[i]);
	handle(SIGTSTP, stop);
	handle(SIGCONT, go_on);
	handle(SIGWINCH, resize);
	entered = true;
	set_terminal();
}

/**
 * screen_leave() - give the terminal back, as it was
 */
void screen_leave(void)
{
	entered = false;
	reset_terminal();
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		signal(deadly[i], SIG_DFL);
	signal(SIGTSTP, SIG_DFL);
}

/**
 * screen_size() - how large the window is
 * @lines: is filled in
 * @columns: is filled in
 */
void screen_size(size_t *lines, size_t *columns)
{
	struct winsize window = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
	*lines = window.ws_row ? window.ws_row : 24;
	*columns = window.ws_col ? window.ws_col : 80;
}

/**
 * screen_clock() - a clock that nobody sets
 *
 * Return: its nanoseconds.
 */
uint64_t screen_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NSEC + (uint64_t)now.tv_nsec;
}

/* Return: what the keys mean; SCREEN_REDRAW for those that mean nothing. */
static enum screen_event read_keys(void)
{
	enum screen_event event = SCREEN_REDRAW;
	char pressed[64];
	ssize_t got = read(keys, pressed, sizeof(pressed));

	/* A terminal that is gone ends. */
	if (got <= 0)
		return got < 0 && errno == EINTR ? event : SCREEN_GONE;
	for (ssize_t i = 0; i < got; i++) {
		if (pressed[i] == 'q' || pressed[i] == 'Q')
			return SCREEN_QUIT;
		if (pressed[i] == ' ' || pressed[i] == '\n')
			event = SCREEN_TIME;
	}
	return event;
}

/**
 * screen_wait() - wait for the next listing, or for something to happen
 * @until: when it is time, by screen_clock()
 *
 * Also where standard output is no screen. A space or Enter makes it time at once.
 *
 * Return: what has come.
 */
enum screen_event screen_wait(uint64_t until)
{
	/* What is no terminal is only asked whether it is still read. */
	struct pollfd fds[] = { { .fd = STDOUT_FILENO },
				{ .fd = entered ? keys : -1,
				  .events = POLLIN } };

	for (;;) {
		uint64_t now = screen_clock();
		uint64_t left = until > now ? until - now : 0;
		const struct timespec timeout = { (time_t)(left / NSEC),
						  (long)(left % NSEC) };
		int ready =
			ppoll(fds, 2, &timeout, entered ? &waiting_mask : NULL);

		if (atomic_exchange(&redraw, false))
			return SCREEN_REDRAW;
		if (!ready)
			return SCREEN_TIME;
		if (ready < 0)
			continue;
		if (fds[0].revents)
			return SCREEN_GONE;
		return read_keys();
	}
}
