#!/usr/bin/env bash
# Fuzzes the readers of foreign files with libFuzzer and AddressSanitizer, and writes
# Benchmarks/results/ISA/fuzzing.md. Ends with 1 where something was found.
#
# Usage: Scripts/fuzz.sh [--jobs N targets at a time, 1] [MINUTES for each, 10] [TARGET…, all of them]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require_swift
cd "$checkout/Fuzzing"

jobs=1
if [[ ${1:-} == --jobs ]]; then
  jobs="${2:-}"
  [[ $jobs =~ ^[1-9][0-9]?$ ]] || fail "no number of jobs: ${jobs:-nothing}: see Scripts/fuzz.sh"
  shift 2
fi
minutes="${1:-10}"
[[ $# -gt 0 ]] && shift
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "no number of minutes: $minutes: see Scripts/fuzz.sh"
seconds="$(awk "BEGIN { print int($minutes * 60 + 0.5) }")"
all=(png checkpoint idx json safetensors onnx)
targets=("$@")
[[ $# -gt 0 ]] || targets=("${all[@]}")

# The fuzzer without a main of its own, which Swift's toolchain brings for Linux.
name="clang_rt.fuzzer_no_main-$(uname -m)"
compiler="$(readlink -f "$(command -v swiftc)")"
library="$(find "${compiler%/bin/*}/lib/clang" -name "lib$name.a" -print -quit)"
[[ -n $library ]] || fail "no libFuzzer: lib$name.a: this toolchain cannot fuzz; use Swift for Linux"

step "Building with AddressSanitizer and coverage"
# The coverage that libFuzzer of LLVM 21 reads; asked for in Swift alone, since in C it would also
# reach the importer of headers.
swift build --configuration release --sanitize address \
  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp \
  -Xlinker "-L$(dirname "$library")" -Xlinker "-l$name"
program="$(swift build --configuration release --sanitize address --show-bin-path)/fuzz"

work=.build/corpus
mkdir -p "$work"
"$program" seeds "$work"
cp ../Tests/ImagesTests/Fixtures/png/*.png "$work/png"

# A crash is told in one report of the sanitizer, not also in a trace of Swift's.
export SWIFT_BACKTRACE=enable=no
# What a reader refuses at once costs no time of the next: no history of allocations, no leaks that
# lie in caches which live as long as the process.
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=8:allocator_may_return_null=1

rows=.build/rows
mkdir -p "$rows"

# Runs one target; its row of the table is left in $rows, for the table holds each target's last run.
fuzz() {
  local target="$1" findings=".build/findings/$1" log=".build/$1.log" count=0 start="$SECONDS"
  mkdir -p "$findings" "$work/$target"
  local options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=1024
    -print_final_stats=1 -max_len=65536 -artifact_prefix="$findings/")
  [[ -f Dictionaries/$target.dict ]] && options+=(-dict="Dictionaries/$target.dict")
  "$program" "$target" "$work/$target" "${options[@]}" >"$log" 2>&1 </dev/null || count=1
  if [[ $count -eq 1 ]]; then
    grep -E 'ERROR|SUMMARY|Fatal|precondition|Test unit written' "$log" >&2 || tail -20 "$log" >&2
  fi
  local executions memory edges
  executions="$(awk '/stat::number_of_executed_units/ { print $2 }' "$log")"
  memory="$(awk '/stat::peak_rss_mb/ { print $2 }' "$log")"
  edges="$(grep -Eo 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)"
  local figures="$((SECONDS - start)) | ${executions:-?} | ${edges:-?} | ${memory:-?} | $count"
  echo "| $target | $(date -u +%F) | $figures |" \
    | tee "$rows/$target" >&2
  return "$count"
}

running=0
found=0
for target in "${targets[@]}"; do
  if [[ $running -ge $jobs ]]; then
    wait -n || found=1
    running=$((running - 1))
  fi
  step "Fuzzing $target for $seconds s"
  fuzz "$target" &
  running=$((running + 1))
done
while [[ $running -gt 0 ]]; do
  wait -n || found=1
  running=$((running - 1))
done

results="$(../Benchmarks/runs.py results)/fuzzing.md"
machine="$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
{
  echo "# Fuzzing"
  echo
  echo "The last run of each reader by \`Scripts/fuzz.sh\`: libFuzzer with AddressSanitizer, on"
  echo "$(nproc) cores of ${machine:-an unnamed processor}. An input that takes more than 10 s, or memory"
  echo "beyond 1 GiB, counts as a finding. Coverage counts the edges of Swift code that were reached."
  echo
  echo "| reader | day | seconds | executions | edges covered | peak memory, MiB | findings |"
  echo "|---|---|---|---|---|---|---|"
  for target in "${all[@]}"; do
    [[ ! -f $rows/$target ]] || cat "$rows/$target"
  done
} | ../Benchmarks/runs.py fill "$results" fuzzing
[[ $found -eq 0 ]] || fail "findings: Fuzzing/.build/findings: repeat one with $program TARGET FILE"
step "Nothing found"
