# Names go in, a line of JSON for each comes out: what it is, how many samples it has, what they sum to, what was lost.
# The files stand where every executor sees them. A partition that is computed again writes its texts again (-f), and gives the
# same lines: -u would know nothing of what it keeps. Each text is replaced as a whole, so that two attempts at once do no harm.
import json

COMMAND = (
    "pprofconv batch --files-from - --allow-empty --to text --output-dir /data/texts "
    "--force --jobs 1 --keep-going --quiet --shard all --report jsonl"
)


def results(context, paths, partitions):
    lines = context.parallelize(paths, partitions).pipe(COMMAND)
    return lines.map(json.loads)
