#!/usr/bin/env bash
# Formats the C sources with the clang-format of Scripts/requirements-tests.txt. Scripts/test.sh makes
# the Python environment that holds it.
#
# Usage: Scripts/format-c.sh [--check]   # --check changes nothing and fails where something would change
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

formatter="${CNN_PYTHON:-$checkout/Benchmarks/.venv-tests/bin/python}"
formatter="$(dirname "$formatter")/clang-format"
[[ -x $formatter ]] || fail "no clang-format: $formatter: run Scripts/test.sh once, which installs it"
case "${1:-}" in
  --check) mode=(--dry-run -Werror) ;;
  "") mode=(-i) ;;
  *) fail "unknown argument: $1: Scripts/format-c.sh [--check]" ;;
esac
cd "$checkout"
find Sources Benchmarks/convolution-table Fuzzing/Sources -name '*.[ch]' -print0 | xargs -0 "$formatter" "${mode[@]}"
