#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# make install and uninstall into a directory, the tarball, and DKMS with trees of
# its own: nothing of this machine is changed, and no module is loaded.

. tests/reader/lib.sh

top=$PWD
version=$(cat VERSION)
root=$tmp/root
kernel=$(tests/vm/kernel debian) newer=$(tests/vm/kernel debian-6.12)
tests/vm/need dkms git kmod lintian make gcc >&2

# A copy, in which nothing else builds.
git clone -q . "$tmp/clone"
cd "$tmp/clone" || exit 1

files() {
	(cd "$1" && find . -type f | sort)
}

quietly() {
	"$@" >"$tmp/log" 2>&1
	ok $? "${*//$tmp/...}" || sed 's/^/# /' "$tmp/log"
}

# release_of KERNEL: what its modules are called by
release_of() {
	sed -n 's/^#define UTS_RELEASE "\(.*\)"/\1/p' "$1/build/include/generated/utsrelease.h"
}

release=$(release_of "$kernel")
quietly make install DESTDIR="$root" PREFIX=/usr KDIR="$kernel/build"
is "$(files "$root")" "$(sort <<END
./lib/modules/$release/updates/module/sockowners.ko
./usr/bin/sockowners
./usr/lib/systemd/system/sockowners-metrics.service
./usr/lib/systemd/system/sockowners-metrics.timer
./usr/share/bash-completion/completions/sockowners
./usr/share/fish/vendor_completions.d/sockowners.fish
./usr/share/man/man4/sockowners.4
./usr/share/man/man5/sockowners.5
./usr/share/man/man8/sockowners.8
./usr/share/zsh/site-functions/_sockowners
END
)" "these files are installed"
is "$("$root/usr/bin/sockowners" -V)" "sockowners $version" "the reader is of the version"
module=$root/lib/modules/$release/updates/module/sockowners.ko
is "$(modinfo -F version "$module")" "$version" "so is the module"
for field in description license author; do
	like "$(modinfo -F $field "$module")" "?*" "modinfo has its $field"
done
like "$(modinfo -F parm "$module")" "*columns:*" "and its parameters"
before=$(files "$root" | (cd "$root" && xargs sha256sum))
quietly make install DESTDIR="$root" PREFIX=/usr KDIR="$kernel/build"
is "$(files "$root" | (cd "$root" && xargs sha256sum))" "$before" "again: the same"
other=lib/modules/$release/updates/dkms/sockowners.ko
install -D /dev/null "$root/$other"
quietly make uninstall DESTDIR="$root" PREFIX=/usr KDIR="$kernel/build"
is "$(files "$root")" "./$other" "uninstall leaves no file but what DKMS has put there"
rm "$root/$other"
# As after the headers of a kernel were removed.
install -D /dev/null "$root/lib/modules/gone/updates/module/sockowners.ko"
quietly make uninstall DESTDIR="$root" PREFIX=/usr KDIR=/lib/modules/gone/build
is "$(files "$root")" "" "nor does it need the kernel's headers"
status=0
err=$(make uninstall DESTDIR="$root" KDIR="$tmp/nowhere" 2>&1) || status=$?
like "$status $err" "2 *no kernel build tree at $tmp/nowhere*" "but it has to know which kernel"
quietly make uninstall DESTDIR="$root" PREFIX=/usr KDIR="$kernel/build"

quietly make dist
mv "sockowners-$version.tar.gz" "$tmp/first"
git clone -q "$top" "$tmp/other clone"
cd "$tmp/other clone" || exit 1
(
	umask 077
	export TZ=Asia/Tokyo
	touch VERSION
	git config tar.umask 0077
	quietly make dist >/dev/null
)
is "$(sha256sum <"sockowners-$version.tar.gz")" "$(sha256sum <"$tmp/first")" \
	"another clone, another user, another time: the same tarball"
echo >>README.md
status=0
err=$(make -s dist 2>&1) || status=$?
like "$status $err" "2 *commit or stash them*" "not with changes that are not committed"
cd "$tmp" || exit 1
tar -xzf first
cd "sockowners-$version" || exit 1
quietly make KDIR="$kernel/build"
is "$(tools/sockowners -V)" "sockowners $version" "the tarball builds, without git"

# The tarball, too, makes the packages.
quietly packaging/deb "$version" "$tmp/deb"
is "$(readlink "$tmp/deb/sockowners-$version/LICENSES/GPL-2.0-only.txt")" ../LICENSE \
	"a link still names what it named"
for package in sockowners sockowners-dkms; do
	ok "$(test -e "$tmp/deb/$package"_*.deb; echo $?)" "there is $package"
done
like "$(dpkg-deb -f "$tmp"/deb/sockowners-dkms_*.deb Recommends)" "*openssl*" \
	"DKMS gets what it makes a key with"
quietly lintian --allow-root --fail-on warning "$tmp"/deb/*.changes

# In a system that is a directory: the timer, and what remains of it in /etc.
system=$tmp/system
mkdir -p "$system"/etc "$system"/var/lib/dpkg/{info,updates}
touch "$system"/var/lib/dpkg/{status,available}
dpkg_() {
	quietly dpkg --root="$system" --force-script-chrootless,depends,not-root,bad-path \
		--log=/dev/null "$@"
}
timer=etc/systemd/system/timers.target.wants/sockowners-metrics.timer
dpkg_ -i "$tmp"/deb/sockowners_*.deb
ok "$(test ! -L "$system/$timer"; echo $?)" "the timer is off"
quietly systemctl --root="$system" enable sockowners-metrics.timer
dpkg_ -i "$tmp"/deb/sockowners_*.deb
ok "$(test -L "$system/$timer"; echo $?)" "an upgrade leaves it on"
dpkg_ --purge sockowners
is "$(cd "$system" && find . ! -type d -name '*sockowners*')" "" "purged, nothing is left"

# dkms_ COMMAND ARGUMENT...: with trees of its own
dkms_() {
	dkms "$@" --dkmstree "$tmp/dkms" --sourcetree "$tmp/source/usr/src" \
		--installtree "$tmp/installed" </dev/null
}

# on KERNEL COMMAND: dkms for a kernel
on() {
	local kernel=$1
	shift
	quietly dkms_ "$@" -m sockowners -v "$version" \
		-k "$(release_of "$kernel")" \
		--kernelsourcedir "$kernel/build"
}

mkdir -p "$tmp/dkms" "$tmp/installed/$release" "$tmp/installed/$(release_of "$newer")"
make -s install-dkms DESTDIR="$tmp/source" >"$tmp/log" 2>&1
ok $? "make install-dkms"
quietly dkms_ add -m sockowners -v "$version"
on "$kernel" build
on "$newer" build
on "$kernel" install
on "$newer" install
count_of() {
	find "$tmp/installed" -name 'sockowners.ko*' | wc -l
}
is "$(count_of)" 2 "two kernels have it side by side"
for built in "$tmp"/installed/*/updates/dkms/sockowners.ko*; do
	is "$(modinfo -F version "$built")" "$version" "of the version"
done
like "$(dkms_ status sockowners)" "*installed*installed*" "dkms status says so"
status=0
err=$(dkms_ build -m sockowners -v "$version" -k 5.10.0-28-amd64 \
	--kernelsourcedir "$kernel/build" 2>&1) || status=$?
like "$status $err" "[1-9]*BUILD_EXCLUSIVE*" "a kernel that is too old is refused"
exclusive=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"$/\1/p' packaging/dkms.conf)
for release in 6.1.0-37-amd64 6.12.9 6.1-rc1 7.3.4 10.0.1; do
	[[ $release =~ $exclusive ]]
	ok $? "$release is not"
done
for release in 6.0.19 5.19.0 4.19.0-6.1 3.16; do
	! [[ $release =~ $exclusive ]]
	ok $? "$release is"
done
quietly dkms_ remove -m sockowners -v "$version" --all
is "$(count_of)" 0 "removed: neither has it"

plan
