#!/usr/bin/env bash
# Shows the whole way in about five minutes: installs what is missing, builds, trains AlexNet for a
# few steps on Fashion-MNIST, classifies the samples with it and with the shipped model, and
# inspects the checkpoint.
#
# Usage: Scripts/demo.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

steps="${CNN_DEMO_STEPS:-40}"
seconds=115

"$checkout/Scripts/install-dependencies.sh"
require_swift
cd "$checkout"

step "Building"
for program in cnn-train cnn-infer; do
  swift build --configuration release --product "$program"
done
binaries="$(swift build --configuration release --show-bin-path)"

checkpoint=.local/demo/alexnet.h5
mkdir -p "$(dirname "$checkpoint")"
step "Training AlexNet for $steps steps of 128 images, at most $seconds seconds"
status=0
# At the time's end the trainer is interrupted as by Control-C: it saves and exits with 130.
timeout --foreground --preserve-status --signal=INT "$seconds" \
  "$binaries/cnn-train" --momentum 0.9 --max-steps "$steps" --limit-test 2000 \
  --output "$checkpoint" || status=$?
((status == 0 || status == 130)) || exit "$status"

step "Classifying the samples with what it learned so far"
"$binaries/cnn-infer" Samples/*.png --model "$checkpoint"

step "Classifying the samples with the shipped model"
"$binaries/cnn-infer" Samples/*.png

step "Inspecting the checkpoint"
"$binaries/cnn-infer" inspect "$checkpoint" --verify

step "Done"
