#!/usr/bin/env bash
# Writes the help texts that the tests expect, after a flag was added or changed on purpose.
#
# Usage: Scripts/update-help-snapshots.sh BIN
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ -n ${1-} ]] || fail "no folder: BIN: give the one with cnn-train and cnn-infer"
target="$checkout/Tests/CommandLineTests/HelpSnapshots.swift"
commands=(cnn-infer 'cnn-infer inspect' 'cnn-infer evaluate' 'cnn-infer benchmark' 'cnn-infer quantize' 'cnn-infer export'
  'cnn-infer import' 'cnn-infer visualize' cnn-train)

{
  echo '// swift-format-ignore-file'
  echo
  echo '/// What --help prints. Written by Scripts/update-help-snapshots.sh.'
  echo 'enum HelpSnapshots {'
  echo '  static let all: [String: String] = ['
  for command in "${commands[@]}"; do
    read -ra words <<<"$command"
    printf '    "%s": #"""\n' "$command"
    "$1/${words[0]}" "${words[@]:1}" --help | sed 's/^\(.\)/      \1/'
    printf '\n      """#,\n'
  done
  echo '  ]'
  echo '}'
} >"$target.new"
mv "$target.new" "$target"
