#!/usr/bin/env bash
# Builds release programs that need no library but the system's, and installs them with the models.
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
scratch="$checkout/.build/install"
# A build of its own: other flags in the usual place would compile everything anew each time.
build=(--configuration release --static-swift-stdlib --scratch-path "$scratch")

# The path of a static library that a package's linker flags or the compiler's own folders lead to.
static_library() {
  local package=$1 name=$2 folder
  for folder in $(pkg-config --libs-only-L "$package") "$(cc -print-file-name="lib$name.a")"; do
    folder="${folder#-L}"
    [[ $folder != */* ]] || for path in "$folder" "$folder/lib$name.a"; do
      [[ -f $path ]] && readlink --canonicalize "$path" && return
    done
  done
  return 1
}

# Lets a package's library be linked statically, with those that it needs, if all are there.
prefer_static() {
  local package=$1 libraries=() name path
  for name in "${@:2}"; do
    path="$(static_library "$package" "$name")" || return 0
    libraries+=("$path")
  done
  # A linker script: what the name stands for.
  printf 'GROUP ( %s )\n' "${libraries[*]}" >"$static/lib$2.a"
  {
    printf 'Name: %s\nDescription: static\nVersion: ' "$package"
    pkg-config --modversion "$package"
    printf 'Cflags: %s\n' "$(pkg-config --cflags "$package")"
    # A space in the path would end it.
    printf 'Libs: -L%s -l%s\n' "${static// /\\ }" "$2"
  } >"$static/$package.pc"
}

if [[ $(uname) == Linux ]]; then
  # Debian's libhdf5 brings three dozen libraries, which take longer to load than a small network.
  # Static libraries, where the system has them, cost nothing. (Not libxxhash: the static one lacks
  # the entries that use AVX-512.)
  static="$scratch/static"
  rm -rf "$static"
  mkdir -p "$static"
  prefer_static hdf5 hdf5 sz aec z
  prefer_static libpng png z
  prefer_static zlib z
  runtime="$(cc -print-file-name=libstdc++.a)"
  [[ ! -f $runtime ]] || ln -s "$runtime" "$static/"
  export PKG_CONFIG_PATH="$static${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
  # No symbol names: the smaller a program, the sooner it is there.
  build+=(-Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker -s)
fi

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
