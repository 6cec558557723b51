#!/bin/sh
#SBATCH --job-name=pprofconv
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
# sbatch slurm.sh PROFILES TEXTS: eight tasks share a tree; SLURM_ARRAY_TASK_ID and its kin say which part is whose.
exec pprofconv batch -r "$1" --to text --output-dir "$2" --keep-going --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --manifest "$2-$SLURM_ARRAY_TASK_ID.jsonl"
