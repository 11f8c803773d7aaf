# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# From a trace to the longest time between two points where another task may run, and
# the longest hold of a unix socket's lock.

function point(time, name) {
	if (running && time - since > longest) {
		longest = time - since
		where = from " to " name
	}
	since = time
	from = name
}

$1 ~ /^#/ || NF < 5 { next }

{ time = $4 + 0 }

/ sched_switch: / {
	if ($0 ~ /prev_comm=reader /) {
		point(time, "switch")
		running = 0
	} else if ($0 ~ /next_comm=reader /) {
		since = time
		from = "switch"
		running = 1
	}
	next
}

/ sys_enter: / {
	since = time
	from = "entry"
	running = 1
	next
}

/ sys_exit: / {
	point(time, "exit")
	running = 0
	next
}

/: __cond_resched <-/ { point(time, substr($6, 3)) }

/: mutex_trylock <-/ {
	locked = time
	locker = $6
}

/: mutex_unlock <-/ && locker == $6 {
	if (time - locked > held)
		held = time - locked
	locker = ""
}

END {
	printf "%s\tstretch\t%d\t%s\n", crowd, longest * 1e6, where
	if (held)
		printf "%s\tiolock\t%d\n", crowd, held * 1e6
}
