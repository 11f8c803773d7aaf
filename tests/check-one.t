#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# check-one does not test again what has passed, and only that. What it calls is replaced.

. tests/reader/lib.sh

top=$tmp/top
mkdir -p "$top"/tests/{install,vm}
cp tests/{check-one,matrix} "$top/tests/"
cp tests/vm/common.sh "$top/tests/vm/"
cat >"$top/tests/install/install.t" <<'END'
#!/bin/sh
echo 1..1
echo ok 1
END
cat >"$top/tests/vm/check" <<'END'
#!/bin/sh
tests/install/install.t >"$2/$1-load.tap"
END
cat >"$top/tests/vm/kernel" <<'END'
#!/bin/sh
echo "/kernels/$1-$RELEASE"
END
echo '#!/bin/sh' >"$top/tests/install/system"
chmod +x "$top"/tests/{install/{install.t,system},vm/{check,kernel}}
echo 1 >"$top/README.md"
git_() {
	git -C "$top" -c user.name=test -c user.email=test@localhost "$@"
}
git_ init -q
git_ add .
git_ commit -qm One
export RELEASE=6.1.1 SOCKOWNERS_CACHE=$tmp/cache
unset AGAIN MINUTES SCENARIOS STRESS

# runs KERNEL NAME, passes KERNEL NAME: it is tested, it is left out
runs() {
	err=$("$top/tests/check-one" "$1" "$tmp/results/$1" 2>&1)
	is "$err" "" "$1: $2"
}

passes() {
	err=$("$top/tests/check-one" "$1" "$tmp/results/$1" 2>&1)
	like "$err" "*what is tested is the same" "$1: $2"
}

runs install "it is tested"
passes install "it has passed"
AGAIN=y runs install "AGAIN=y"
echo 2 >"$top/README.md"
runs install "what is not committed is not tested"
runs install "so it has not passed either"
git_ commit -qam Two
runs install "another commit"
passes install "which has passed"

runs kunit "it is tested"
passes kunit "it has passed"
RELEASE=6.1.2 runs kunit "another release of the kernel"
RELEASE=6.1.2 passes kunit "which has passed"
echo 3 >"$top/README.md"
RELEASE=6.1.2 passes kunit "what runs in no VM does not matter"
echo >"$top/VERSION"
RELEASE=6.1.2 runs kunit "what does, does"
echo "exit 1" >>"$top/tests/vm/kernel"
RELEASE=6.1.2 runs kunit "a kernel that cannot be made"
plan
