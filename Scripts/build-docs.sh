#!/usr/bin/env bash
# Builds the documentation of all libraries with the toolchain's docc: a website to be served, by
# `python3 -m http.server` say, at OUTPUT.
#
# Usage: Scripts/build-docs.sh [OUTPUT]      (.build/documentation)
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

require_swift
command -v docc >/dev/null || fail "no docc: PATH: install a toolchain of swift.org, which has it"
output="${1:-$checkout/.build/documentation}"
mkdir -p "$(dirname "$output")"
output="$(cd "$(dirname "$output")" && pwd)/$(basename "$output")"
cd "$checkout"

libraries=(
  Tensors Networks Checkpoints CheckpointWriting Images Datasets Training Inference Interchange
)
# A build that is there is used: only the modules matter, not with which flags they were made.
binaries="$(swift build --configuration release --show-bin-path)"
for library in "${libraries[@]}"; do
  [[ -f $binaries/Modules/$library.swiftmodule ]] && continue
  step "Building $library"
  swift build --configuration release --target "$library"
done

step "Reading the libraries' symbols"
symbols="$(mktemp -d)"
trap 'rm -rf "$symbols"' EXIT
target="$(swift -print-target-info | sed -n 's/.*"unversionedTriple" *: *"\(.*\)".*/\1/p')"
includes=(-I "$binaries/Modules")
for library in CHDF5 CPNG CZlib CXXHash COneDNN; do includes+=(-I "Sources/$library"); done
for library in CPNGShim CKernels; do
  includes+=(-Xcc "-fmodule-map-file=$binaries/$library.build/module.modulemap")
done
read -ra flags <<<"$(pkg-config --cflags-only-I hdf5 libpng libxxhash zlib)"
for flag in "${flags[@]}"; do includes+=(-Xcc "$flag"); done
for library in "${libraries[@]}"; do
  swift symbolgraph-extract -module-name "$library" "${includes[@]}" -target "$target" \
    -minimum-access-level public -output-dir "$symbols"
done

step "Converting"
rm -rf "$output"
docc convert Docs/swift-cnn.docc --additional-symbol-graph-dir "$symbols" \
  --fallback-display-name swift-cnn --fallback-bundle-identifier swift-cnn \
  --warnings-as-errors --output-dir "$output"
echo "The documentation is in $output." >&2
