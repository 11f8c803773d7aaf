# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
# shellcheck shell=bash disable=SC2034
#
# What differs between the machines that QEMU emulates. Sourced after common.sh.
#
# use_machine x86_64|s390x|arm64 sets
#	machine_packages	Debian packages that build for it
#	machine_emulator	the one with its QEMU
#	machine_make		arguments for the kernel's make
#	machine_image		the kernel in its build tree
#	machine_cross		before the names of its compiler and binutils
#	machine_debian		Debian's name for the architecture
#	machine_qemu		the emulator's command, which joins its devices to the
#				character devices "console" and "talk"
#	machine_append		what its kernel must be told
#	machine_talk		the guest's device for ./boot's standard input and output

use_machine() {
	machine_make=()
	machine_cross=
	machine_packages=()
	case $1 in
	x86_64)
		machine_debian=amd64
		machine_emulator=qemu-system-x86
		machine_image=arch/x86/boot/bzImage
		machine_qemu=(qemu-system-x86_64
			-serial chardev:console -serial chardev:talk)
		machine_append=console=ttyS0
		machine_talk=ttyS1
		;;
	s390x)	# the big-endian one
		machine_debian=s390x
		machine_packages=(gcc-s390x-linux-gnu libc6-dev-s390x-cross)
		machine_emulator=qemu-system-misc
		machine_make=(ARCH=s390 CROSS_COMPILE=s390x-linux-gnu-)
		machine_cross=s390x-linux-gnu-
		machine_image=arch/s390/boot/bzImage
		machine_qemu=(qemu-system-s390x -device sclplmconsole,chardev=console
			-device virtio-serial-ccw -device virtconsole,chardev=talk)
		machine_append=console=ttyS0
		machine_talk=hvc0
		;;
	arm64)
		machine_debian=arm64
		machine_packages=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
		machine_emulator=qemu-system-arm
		machine_make=(ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-)
		machine_cross=aarch64-linux-gnu-
		machine_image=arch/arm64/boot/Image
		machine_qemu=(qemu-system-aarch64 -machine virt -serial chardev:console
			-device virtio-serial-device -device virtconsole,chardev=talk)
		machine_append=console=ttyAMA0
		machine_talk=hvc0
		;;
	*)	die "no machine $1 here: x86_64, s390x, arm64" ;;
	esac
}
