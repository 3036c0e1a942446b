# shellcheck shell=bash
# What the scripts share; sourced, not run.

set -euo pipefail

unset CDPATH
# shellcheck disable=SC2034 # Used by the scripts that source this file.
checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Says what is being done, and since when the script runs.
step() {
  printf '\n==> [%d s] %s\n' "$SECONDS" "$*" >&2
}

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

require_swift() {
  command -v swift >/dev/null ||
    fail "no Swift: PATH: install Swift 6.1 or later from https://www.swift.org/install"
}
