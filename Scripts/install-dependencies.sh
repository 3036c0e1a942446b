#!/usr/bin/env bash
# Installs the Debian packages that the build needs and that are missing.
#
# Usage: Scripts/install-dependencies.sh [--with-tests]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

packages=(
  pkg-config            # finds the headers of HDF5 and the other libraries
  libhdf5-dev           # checkpoints
  libxxhash-dev         # their checksums
  libpng-dev            # images
  zlib1g-dev            # compressed data sets
  libdnnl-dev           # oneDNN, for training
  dataset-fashion-mnist # the images that the networks are trained on
)
case "${1-}" in
  '') ;;
  --with-tests) packages+=(hdf5-tools python3-venv shellcheck) ;;
  *)
    printf "error: unknown argument: '%s': give --with-tests or nothing\n" "$1" >&2
    exit 2
    ;;
esac

command -v apt-get >/dev/null ||
  fail "no apt-get: this system: install what corresponds to ${packages[*]}"

missing=()
for package in "${packages[@]}"; do
  status="$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)"
  [[ $status == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo "All system packages are installed." >&2
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "no right to install: ${missing[*]}: run as root, or install sudo"
  as_root=(sudo)
fi
step "Installing ${missing[*]}"
"${as_root[@]}" apt-get update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install --yes --no-install-recommends "${missing[@]}"
