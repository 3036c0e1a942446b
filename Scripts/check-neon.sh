#!/usr/bin/env bash
# Compiles the kernels for Arm on any machine: to objects, so that whatever an instruction lacks is
# found, without a C library for that target (which cpu-features.c alone needs).
#
# Usage: Scripts/check-neon.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

require_swift
objects="$(mktemp -d)"
trap 'rm -rf "$objects"' EXIT
compiler="$(dirname "$(readlink -f "$(command -v swift)")")/clang"
cd "$checkout/Sources/CKernels"
for file in */*.c; do
  object="$objects/$(basename "$file" .c).o"
  "$compiler" --target=aarch64-none-elf -ffreestanding -std=gnu11 -O2 -Wall -Wextra -Werror \
    -Iinclude -c "$file" -o "$object"
  if [[ $file == *-neon.c ]]; then
    grep --quiet --text _neon "$object" ||
      fail "compiled to nothing: $file: look at its architecture guard"
  fi
done
step "Every kernel compiles for aarch64"
