# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors

KDIR	?= /lib/modules/$(shell uname -r)/build
CFLAGS	?= -O2 -g
WARN	:= -std=gnu11 -Wall -Wextra -Wshadow
VERSION	:= $(shell cat VERSION)

all: module tools

help:
	@echo 'make            the module for the running kernel (KDIR=PATH) and the reader'
	@echo 'make module     module/sockowners.ko alone'
	@echo 'make tools      tools/sockowners alone; needs no kernel headers'
	@echo 'make load       load the module into the running kernel (as root)'
	@echo 'make unload     take it out again (as root)'
	@echo 'make install    both, below PREFIX=/usr/local (as root); install-module, install-tools: one'
	@echo 'make uninstall  take away what make install has brought'
	@echo 'make dkms       let DKMS build the module, for each new kernel, too (as root); make undkms'
	@echo 'make dist       a tarball of the last commit; make deb: packages for Debian'
	@echo 'make demo       boot a VM, load the module there, show a conversation'
	@echo 'make shell      the same VM, for you to look around'
	@echo 'make check      all tests; most of them run in VMs'
	@echo 'make check-all  all of them on every kernel, for hours; ends in a table'
	@echo 'make stress     MINUTES=10 of everything at once, on a kernel that finds faults'
	@echo 'make fuzz       SECONDS=30 (or RUNS=) of what a fuzzer makes up for the reader'
	@echo 'make coverage   which lines of the module run in its tests'
	@echo 'make latency    the longest time that it holds a lock, or the processor'
	@echo 'make bench      time it in a VM beside /proc/net/tcp, ss, netstat, lsof, lsfd and BPF'
	@echo 'make profile    which of its functions the time of a listing goes to'
	@echo 'make lint       checkpatch, sparse, W=1, clang-format, shellcheck'
	@echo 'make clean      remove what was built here'
	@echo
	@echo 'V=1 shows each assertion of make check. For the VMs: ACCEL=tcg (or kvm),'
	@echo 'MEMORY=4G, TIMEOUT=seconds, and SOCKOWNERS_CACHE=directory for the kernels.'

module: | $(KDIR)/Makefile
	$(if $(word 2,$(CURDIR)),$(error cannot build a module in a path with a space))
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

$(KDIR)/Makefile:
	@echo 'There is no kernel build tree at $(KDIR).' >&2
	@echo "On Debian: apt-get install linux-headers-$$(uname -r)" >&2
	@echo 'Or name another one: make module KDIR=PATH' >&2
	@echo 'To see it without: make demo. The reader alone: make tools' >&2
	@exit 1

tools: tools/sockowners

tools/sockowners: $(wildcard tools/*.[ch]) VERSION
	$(CC) $(WARN) $(CPPFLAGS) $(CFLAGS) -DSOCKOWNERS_VERSION='"$(VERSION)"' \
		-pthread $(LDFLAGS) -o $@ tools/*.c

# What the README shows of --graph; tests/reader/graph.t says when it has to be anew.
# REUSE-IgnoreStart
docs/graph.svg: tools
	@tests/vm/need graphviz
	{ printf '// SPDX-License-Identifier: GPL-2.0-only\n// Copyright (C) The sockowners authors\n'; \
		tools/sockowners --graph --from tests/reader/data/graph.listing; } >docs/graph.dot
	dot -Tsvg docs/graph.dot | sed -e '1a <!-- SPDX-License-Identifier: GPL-2.0-only -->' \
		-e '1a <!-- Copyright (C) The sockowners authors -->' >$@
	echo "<!-- sockowners: $$(cksum <docs/graph.dot) -->" >>$@
# REUSE-IgnoreEnd

include packaging/install.mk

load:
	@test -e module/sockowners.ko || \
		{ echo 'First build it: make module' >&2; exit 1; }
	insmod module/sockowners.ko

unload:
	rmmod sockowners

demo shell:
	@tests/vm/$@

check:
	@tests/check

check-all:
	@tests/check-all

stress:
	@tests/stress/run

fuzz:
	@tests/fuzz/run

coverage latency:
	@tests/$@/run

bench:
	@tests/bench/run

profile:
	@tests/bench/profile

lint:
	@tests/lint

clean:
	$(MAKE) -s -C examples clean
	rm -rf build tools/sockowners
	rm -f Module.symvers modules.order .*.cmd
	find module tests/kunit -name '*.o' -delete -o -name '*.ko' -delete \
		-o -name '*.mod' -delete -o -name '*.mod.c' -delete \
		-o -name '.*.cmd' -delete -o -name 'modules.order' -delete

.PHONY: docs/graph.svg all help module tools load unload demo shell check check-all stress fuzz \
	coverage latency bench profile lint clean
