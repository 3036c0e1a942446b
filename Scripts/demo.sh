#!/usr/bin/env bash
# Shows the whole way in six minutes on two cores: installs what is missing, builds, trains a small
# network on Fashion-MNIST to the end, counts how many of the samples it puts right, and trains AlexNet
# for the time that is left. Exits with 1 where the small network puts fewer than eight samples right.
#
# Usage: Scripts/demo.sh
#
# CNN_DEMO_SECONDS is the time for everything, 360 by default.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds="${CNN_DEMO_SECONDS:-360}"
[[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || fail "CNN_DEMO_SECONDS is not a number of seconds: $seconds"
# AlexNet's last step, its save, and what is printed after it.
reserve=25
enough=8

"$checkout/Scripts/install-dependencies.sh"
require_swift
cd "$checkout"

step "Building"
# Both programs at once: one after the other would leave a core idle while the largest modules compile.
swift build --configuration release
binaries="$(swift build --configuration release --show-bin-path)"
samples=(Samples/*.png)
mkdir -p .local/demo

# Prints how many of the samples a checkpoint puts right: their files are named by their classes.
count_right() {
  local answers line image label count=0
  answers="$("$binaries/cnn-infer" "${samples[@]}" --json --model "$1" --top-k 1)"
  while IFS= read -r line; do
    image="$(sed -nE 's/.*"image":"[^"]*\/([^"]*)\.png".*/\1/p' <<<"$line")"
    label="$(sed -nE 's/.*"label":"([^"]*)".*/\1/p' <<<"$line" | tr 'A-Z /' 'a-z--')"
    [[ -z $image || $image != "$label" ]] || count=$((count + 1))
  done <<<"$answers"
  echo "$count"
}

small=.local/demo/small-cnn.h5
step "Training a small network on 60,000 images for three epochs"
# So small a network gains nothing from a second thread, and one is not slowed down where other
# programs run.
"$binaries/cnn-train" --model Samples/small-cnn.json --optimizer adam --lr 0.004 \
  --lr-schedule one-cycle --epochs 3 --threads 1 --output "$small"

step "Classifying the samples with it"
"$binaries/cnn-infer" "${samples[@]}" --model "$small" --top-k 1
right="$(count_right "$small")"
verdict="$right of ${#samples[@]} samples right with the network trained in this run: $small"
printf '\n%s\n' "$verdict"
((right >= enough)) || fail "the network learned too little: at least $enough were expected"

step "Inspecting its checkpoint"
"$binaries/cnn-infer" inspect "$small" --verify

step "Classifying the samples with the shipped AlexNet"
"$binaries/cnn-infer" "${samples[@]}" --top-k 1

left=$((seconds - reserve - SECONDS))
if ((left < 10)); then
  step "No time is left for AlexNet: \"cnn-train --momentum 0.9\" trains it"
else
  alexnet=.local/demo/alexnet.h5
  step "Training AlexNet for the $left seconds that are left, a fraction of its first epoch"
  status=0
  # At the time's end the trainer is interrupted as by Control-C: it saves and exits with 130.
  timeout --foreground --preserve-status --signal=INT "$left" \
    "$binaries/cnn-train" --optimizer adam --lr 0.0003 --batch-size 32 --output "$alexnet" ||
    status=$?
  ((status == 0 || status == 130)) || exit "$status"
  "$binaries/cnn-infer" inspect "$alexnet" | grep '^training'
  echo "cnn-train --resume $alexnet continues where it stopped."
fi

step "Done: $verdict"
