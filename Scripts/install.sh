#!/usr/bin/env bash
# Builds release programs that need no Swift run-time libraries, and installs them with the models.
#
# Usage: Scripts/install.sh --prefix DIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

prefix=
case "${1-}" in
  --prefix) prefix="${2-}" ;;
  --prefix=*) prefix="${1#--prefix=}" ;;
esac
if [[ -z $prefix ]]; then
  printf 'error: no prefix: Scripts/install.sh: give --prefix DIR, /usr/local say\n' >&2
  exit 2
fi
require_swift
mkdir -p "$prefix"
prefix="$(cd "$prefix" && pwd)"

cd "$checkout"
# A build of its own: other flags in the usual place would compile everything anew each time.
build=(--configuration release --static-swift-stdlib --scratch-path .build/install)
for program in cnn-train cnn-infer; do
  step "Building $program"
  swift build "${build[@]}" --product "$program"
done
binaries="$(swift build "${build[@]}" --show-bin-path)"

step "Installing into $prefix"
mkdir -p "$prefix/bin" "$prefix/share/cnn/Models"
for program in cnn-train cnn-infer; do
  # Renamed into place, so that a running program is neither a hindrance nor harmed.
  cp "$binaries/$program" "$prefix/bin/.$program.new"
  mv -f "$prefix/bin/.$program.new" "$prefix/bin/$program"
done
for file in Models/*; do
  [[ -f $file ]] || continue
  cp "$file" "$prefix/share/cnn/Models/.new"
  mv -f "$prefix/share/cnn/Models/.new" "$prefix/share/cnn/$file"
done
echo "Installed $prefix/bin/cnn-train and $prefix/bin/cnn-infer." >&2
