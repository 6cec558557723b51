#!/bin/sh
# parallel.sh PROFILES TEXTS: GNU parallel hands out names, a hundred at a time, and gets a line of JSON for each.
# With --sshloginfile it does so over many machines.
texts=$(realpath -m "$2")
cd "$1" && find . -name '*.pb.gz' -print | parallel --pipe -N 100 \
  pprofconv batch --files-from - --to text --output-dir "$texts" --jobs 1 --keep-going --quiet --shard all --report jsonl
