#!/usr/bin/env bash
# Runs the tests under AddressSanitizer and ThreadSanitizer, the programs included. Takes far longer than
# test.sh, which has to have run once: it makes the Python environment.
#
# Usage: Scripts/sanitize.sh [address|thread …] [-- ARGUMENTS OF swift test, such as --filter ImagesTests]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require_swift
cd "$checkout"

sanitizers=()
while [[ $# -gt 0 && $1 != -- ]]; do
  [[ $1 == address || $1 == thread ]] || fail "no sanitizer: $1: name address or thread"
  sanitizers+=("$1")
  shift
done
[[ $# -gt 0 ]] && shift
[[ ${#sanitizers[@]} -gt 0 ]] || sanitizers=(address thread)

if [[ -z ${CNN_PYTHON:-} && -x Benchmarks/.venv-tests/bin/python ]]; then
  export CNN_PYTHON="$checkout/Benchmarks/.venv-tests/bin/python"
fi

# Leaves a test out, and says why.
skip=()
leave_out() {
  printf 'left out: %s: %s\n' "$1" "$2" >&2
  skip+=(--skip "$1")
}
leave_out flatMemory "the sanitizer's own memory is most of what it measures"
leave_out HostileImageTests.bombs "the sanitizer's own memory is most of what it measures"
leave_out HostileJSONTests.denseGraph "the sanitizer takes most of the time that it measures"
leave_out ClassifyTests.defaultModel "programs run from the build folder, which has no models beside it"
leave_out ShippedModelTests.samples "programs run from the build folder, which has no models beside it"
leave_out LinkageTests "programs run from the build folder are not linked as installed ones are"
leave_out BenchmarkTests.refused "its limit of the address space leaves no room for the sanitizer's"
leave_out FaultyDiskTests "its library is loaded before the sanitizer's, which refuses that"

# A report ends the program, so that the test of it fails. Leaks are not looked for: Foundation and
# libhdf5 keep tables until the process ends.
export ASAN_OPTIONS=detect_leaks=0:halt_on_error=1:abort_on_error=0:exitcode=86
export TSAN_OPTIONS="halt_on_error=1:exitcode=86:suppressions=$checkout/Scripts/thread-sanitizer.txt"
export SWIFT_BACKTRACE=enable=no

for sanitizer in "${sanitizers[@]}"; do
  if [[ $sanitizer == thread ]]; then
    for name in QuantizeTests.noSpace OutputFaultTests.noSpace TrainFaultTests.fileSizeLimit; do
      leave_out "$name" "the sanitizer's own memory is a file, which the limit of the file size cuts"
    done
  fi
  flags=(--configuration release --sanitize "$sanitizer" --scratch-path ".build/$sanitizer")
  step "Building with the $sanitizer sanitizer"
  # C is instrumented by SwiftPM's flag as Swift is; libdispatch, libgomp, oneDNN, libhdf5, libpng and
  # the standard library are the system's, and are not: see CONTRIBUTING.md.
  swift build "${flags[@]}" --build-tests
  CNN_BIN="$(swift build "${flags[@]}" --show-bin-path)"
  export CNN_BIN
  step "Testing with the $sanitizer sanitizer"
  swift test "${flags[@]}" --skip-build "${skip[@]}" "$@"
done
step "No report"
