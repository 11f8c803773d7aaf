# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# make install, uninstall, dkms, dist, deb: included by the Makefile at the top.
#
# DESTDIR stands before every path, for who makes a package. The usual names of
# directories may be given: PREFIX, BINDIR, MANDIR, DATADIR, ZSHDIR (its completions),
# UNITDIR (of systemd), SRCDIR, MODDIR (below /lib/modules/RELEASE).

PREFIX	?= /usr/local
BINDIR	?= $(PREFIX)/bin
DATADIR	?= $(PREFIX)/share
MANDIR	?= $(DATADIR)/man
ZSHDIR	?= $(DATADIR)/zsh/site-functions
UNITDIR	?= $(PREFIX)/lib/systemd/system
SRCDIR	?= /usr/src
MODDIR	?= updates
INSTALL	?= install

bash_completion := $(DATADIR)/bash-completion/completions/sockowners
zsh_completion	:= $(ZSHDIR)/_sockowners
fish_completion	:= $(DATADIR)/fish/vendor_completions.d/sockowners.fish
units		:= sockowners-metrics.service sockowners-metrics.timer

# The kernel that KDIR is the build tree of. Debian's is not what its file
# include/config/kernel.release says. To take the module away the headers are not needed
# where the path says it.
release	= $(or $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
			$(KDIR)/include/generated/utsrelease.h 2>/dev/null), \
		$(patsubst /lib/modules/%/build,%,$(filter /lib/modules/%/build,$(KDIR))), \
		$(error There is no kernel build tree at $(KDIR)))
modules	= $(DESTDIR)/lib/modules/$(release)

dkms_source = $(DESTDIR)$(SRCDIR)/sockowners-$(VERSION)

install: install-module install-tools install-units

install-tools: tools
	$(INSTALL) -D -m 755 tools/sockowners '$(DESTDIR)$(BINDIR)/sockowners'
	$(INSTALL) -D -m 644 tools/sockowners.bash-completion '$(DESTDIR)$(bash_completion)'
	$(INSTALL) -D -m 644 tools/_sockowners '$(DESTDIR)$(zsh_completion)'
	$(INSTALL) -D -m 644 tools/sockowners.fish '$(DESTDIR)$(fish_completion)'
	$(INSTALL) -D -m 644 tools/sockowners.5 '$(DESTDIR)$(MANDIR)/man5/sockowners.5'
	$(INSTALL) -D -m 644 tools/sockowners.8 '$(DESTDIR)$(MANDIR)/man8/sockowners.8'

# Nothing runs them until systemctl enable does.
install-units:
	$(INSTALL) -d '$(DESTDIR)$(UNITDIR)'
	for unit in $(units); do \
		sed 's,/usr/bin/sockowners,$(BINDIR)/sockowners,' "packaging/systemd/$$unit" \
			>'$(DESTDIR)$(UNITDIR)'/"$$unit" || exit 1; \
		chmod 644 '$(DESTDIR)$(UNITDIR)'/"$$unit"; \
	done

install-module-manual:
	$(INSTALL) -D -m 644 module/sockowners.4 '$(DESTDIR)$(MANDIR)/man4/sockowners.4'

# depmod is run here and not by modules_install, which leaves it out for want of a
# System.map where the package of the kernel has it elsewhere.
install-module: module install-module-manual
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH='$(DESTDIR)' INSTALL_MOD_DIR='$(MODDIR)' \
		DEPMOD=true modules_install
	$(if $(DESTDIR),,depmod $(release))

uninstall: uninstall-tools uninstall-units uninstall-module

uninstall-tools:
	rm -f '$(DESTDIR)$(BINDIR)/sockowners' '$(DESTDIR)$(bash_completion)' \
		'$(DESTDIR)$(zsh_completion)' '$(DESTDIR)$(fish_completion)' \
		'$(DESTDIR)$(MANDIR)/man5/sockowners.5' '$(DESTDIR)$(MANDIR)/man8/sockowners.8'

uninstall-units:
	rm -f $(units:%='$(DESTDIR)$(UNITDIR)/%')

uninstall-module-manual:
	rm -f '$(DESTDIR)$(MANDIR)/man4/sockowners.4'

# What DKMS has put into $(MODDIR)/dkms is not from here.
uninstall-module: uninstall-module-manual
	rm -f '$(modules)/$(MODDIR)/module/sockowners.ko'*
	rmdir '$(modules)/$(MODDIR)/module' '$(modules)/$(MODDIR)' 2>/dev/null || true
	$(if $(DESTDIR),,test ! -d '$(modules)' || depmod $(release))

# What the module is built from, where DKMS looks for it.
install-dkms:
	rm -rf '$(dkms_source)'
	$(INSTALL) -d '$(dkms_source)/module'
	$(INSTALL) -m 644 Kbuild LICENSE VERSION '$(dkms_source)'
	$(INSTALL) -m 644 module/Kbuild module/*.[ch] '$(dkms_source)/module'
	sed 's/#MODULE_VERSION#/$(VERSION)/' packaging/dkms.conf >'$(dkms_source)/dkms.conf'

uninstall-dkms:
	rm -rf '$(dkms_source)'

# Add it to DKMS, and build and install it for the running kernel (as root).
dkms: install-dkms install-module-manual
	dkms install sockowners/$(VERSION)

undkms:
	dkms remove sockowners/$(VERSION) --all
	$(MAKE) -s uninstall-dkms uninstall-module-manual

dist:
	@packaging/dist $(VERSION)

deb:
	@packaging/deb $(VERSION)

.PHONY: install install-tools install-units install-module install-module-manual \
	uninstall uninstall-tools uninstall-units uninstall-module uninstall-module-manual \
	install-dkms uninstall-dkms dkms undkms dist deb
