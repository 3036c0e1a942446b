#!/usr/bin/env bash
# Runs every check: installs what is missing, lints, builds without a warning, installs the
# programs to a temporary place, and tests the libraries and what was installed.
#
# Usage: Scripts/test.sh [ARGUMENTS OF swift test, such as --filter ImagesTests]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$checkout/Scripts/install-dependencies.sh" --with-tests
require_swift
cd "$checkout"

step "Preparing Python"
environment=Benchmarks/.venv-tests
requirements=Scripts/requirements-tests.txt
if ! cmp --silent "$requirements" "$environment/requirements.txt"; then
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --requirement "$requirements"
  cp "$requirements" "$environment/requirements.txt"
fi
export CNN_PYTHON="$checkout/$environment/bin/python"

step "Linting"
shellcheck --external-sources --source-path=Scripts Scripts/*.sh .ci/run
sources=(Sources Tests Package.swift)
for package in Samples/*/Package.swift Fuzzing/Package.swift; do sources+=("$(dirname "$package")"); done
swift format lint --strict --recursive "${sources[@]}"
./Scripts/format-c.sh --check

./Scripts/check-neon.sh

# The same flags each time, or SwiftPM would compile everything anew. No warning passes, and no
# import of a target that the manifest does not name.
flags=(
  --configuration release
  --explicit-target-dependency-import-check error
  -Xswiftc -warnings-as-errors -Xcc -Werror
)
prefix="$(mktemp -d)"
trap 'rm -rf "$prefix"' EXIT

# The programs as they are installed need other flags: they are built at the same time, since one build
# alone leaves a core idle while the largest modules compile.
step "Building the tests, and the programs in a temporary place"
./Scripts/install.sh --prefix "$prefix/with space" >"$prefix/install.log" 2>&1 &
install=$!
swift build "${flags[@]}" --build-tests || { kill "$install"; fail "the tests do not build: see above"; }
wait "$install" || { cat "$prefix/install.log" >&2; fail "the programs do not build: see above"; }
export CNN_BIN="$prefix/with space/bin"

step "Building the sample packages"
# In the same place and with the same flags, the modules that they depend on are there already.
for package in Samples/*/Package.swift; do
  swift build "${flags[@]}" --scratch-path .build --package-path "$(dirname "$package")"
done

step "Building the documentation"
./Scripts/build-docs.sh

step "Testing"
# Without --skip-build it would compile everything once more, as another kind of build.
status=0
swift test "${flags[@]}" --skip-build "$@" 2>&1 | tee "$prefix/tests.log" || status=$?

step "Skipped on this machine"
grep -E '^. (Suite|Test) .* skipped: ' "$prefix/tests.log" | cut -c5- >&2 || echo "nothing" >&2
((status == 0)) || fail "tests failed: see above"

step "All checks passed"
