#!/bin/sh
# parallel.sh PROFILES TEXTS: GNU parallel hands out names, a hundred at a time, and gets a line of JSON for each.
# With --sshloginfile it does so over many machines, with --retries it tries again: --force writes the texts again, and
# gives the same lines.
texts=$(realpath -m "$2")
cd "$1" && find . -name '*.pb.gz' -print | parallel --pipe -N 100 \
  pprofconv batch --files-from - --to text --output-dir "$texts" --force --jobs 1 --keep-going --quiet --shard all --report jsonl
