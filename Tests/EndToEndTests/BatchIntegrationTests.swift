import Foundation
import TestSupport
import Testing

/// What stands in Documentation/ci, as the systems for which it is written would run it: its steps, in their shell, with their
/// variables.
@Suite struct BatchIntegrationTests {
  private let tree: RecordedTree
  private static let folder = Repository.root.appending(path: "Sources/pprofconv/Documentation/ci")

  init() throws {
    tree = try RecordedTree(damaged: false)
    try tree.shell("mv in profiles; for i in $(seq 12); do cp profiles/cpu.pb.gz profiles/b/cpu$i.pb.gz; done")
    try tree.shell("$P batch -r profiles --to text --output-dir expected -q")
  }

  private static let yaml = """
    import json, os, subprocess, yaml
    def document(name): return yaml.safe_load(open(os.environ["ROOT"] + "/Sources/pprofconv/Documentation/ci/" + name))
    def sh(script, **variables):
        done = subprocess.run(["sh", "-e", "-c", script], env={**os.environ, **variables}, capture_output=True, text=True)
        print(done.stdout, end="")
        if done.returncode: print("exit", done.returncode, done.stderr)

    """

  @Test func theJobOfGitHubConvertsAndMarksAndSums() throws {
    try tree.shell("head -c 300 profiles/cpu.pb.gz > profiles/cut.pb.gz; : > summary.md")
    let said = try tree.python(
      Self.yaml + """
        job = document("github-actions.yml")["jobs"]["profiles"]
        step = [s for s in job["steps"] if s.get("name") == "Convert"][0]
        for _ in 1, 2: sh(step["run"], GITHUB_STEP_SUMMARY="summary.md", GITHUB_WORKSPACE=os.getcwd())
        kept = job["steps"][-1]["with"]["path"].split()
        print(kept, [os.path.exists(p) for p in kept])
        print([p for p in job["steps"][1]["with"]["path"].split() if not os.path.exists(p)])
        """)
    #expect(said.matches(of: /::error file=profiles\/cut\.pb\.gz,title=/).count == 2)
    #expect(said.matches(of: #/exit 4 /#).count == 2)
    // What the cache keeps is of use.
    #expect(said.contains("16 current"), "\(said)")
    #expect(said.hasSuffix("['texts', 'texts.jsonl', 'profiles.xml'] [True, True, True]\n[]\n"), "\(said)")
    #expect(try tree.text("summary.md").contains("| profiles/cut.pb.gz |"))
    try tree.shell("diff -r expected texts; xmllint --noout profiles.xml")
  }

  @Test func theJobsOfGitLabShareTheTree() throws {
    let said = try tree.python(
      Self.yaml + """
        job = document("gitlab-ci.yml")["profiles"]
        total = job["parallel"]
        cases = []
        import junitparser
        for i in range(1, total + 1):
            node = {"CI_NODE_INDEX": str(i), "CI_NODE_TOTAL": str(total)}
            for line in job["script"]: sh(line, **node)
            expand = lambda text: text.replace("$CI_NODE_INDEX", str(i))
            for p in job["artifacts"]["paths"] + job["cache"]["paths"]: assert os.path.exists(expand(p)), p
            cases += [c.name for suite in junitparser.JUnitXml.fromfile(expand(job["artifacts"]["reports"]["junit"])) for c in suite]
        print(total, len(cases), len(set(cases)))
        """)
    #expect(said == "4 17 17\n", "\(said)")
    try tree.shell("diff -r expected texts")
  }

  /// One of the profiles is damaged: the pod that has it must not be started again and again.
  @Test func podsOfKubernetesShareTheTreeAndTheOneThatFailsDoesSoOnce() throws {
    try tree.shell("head -c 300 profiles/cpu.pb.gz > profiles/cut.pb.gz")
    let said = try tree.python(
      Self.yaml + """
        spec = document("kubernetes.yaml")["spec"]
        pod = spec["template"]["spec"]
        container = pod["containers"][0]
        args = container["args"]
        assert spec["completionMode"] == "Indexed" and "--shard=auto/%d" % spec["completions"] in args
        # What Kubernetes demands of a policy.
        assert pod["restartPolicy"] == "Never"
        def action(status):
            for rule in spec["podFailurePolicy"]["rules"]:
                codes = rule.get("onExitCodes", {"values": [], "containerName": container["name"], "operator": "In"})
                assert codes["containerName"] == container["name"] and codes["operator"] == "In" and 0 not in codes["values"]
                if status in codes["values"]: return rule["action"]
            return "Count"
        runs = []
        for i in range(spec["completions"]):
            # As the kubelet expands them.
            own = [a.replace("$(JOB_COMPLETION_INDEX)", str(i)).replace("/data/", "") for a in args]
            for attempt in range(spec["backoffLimitPerIndex"] + 1):
                done = subprocess.run([os.environ["P"], *own, "-q"], env={**os.environ, "JOB_COMPLETION_INDEX": str(i)}, stderr=subprocess.DEVNULL)
                runs.append(done.returncode)
                if done.returncode == 0 or action(done.returncode) == "FailIndex": break
        print(sorted(runs), action(137), action(5))
        print(sum(len(open("texts-%d.jsonl" % i).readlines()) - 1 for i in range(spec["completions"])))
        """)
    #expect(said == "[0, 0, 0, 0, 0, 0, 0, 4] Count Count\n18\n", "\(said)")
    try tree.shell("diff -r expected texts")
  }

  /// By the schemas that the systems publish, as these programs carry them, and by hadolint's parser and rules.
  @Test(arguments: [
    (["check-jsonschema", "--builtin-schema", "vendor.github-workflows"], "github-actions.yml", "steps"),
    (["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"], "gitlab-ci.yml", "script"),
    (["kubernetes-validate", "--strict"], "kubernetes.yaml", "completions"),
    (["hadolint"], "Dockerfile", "COPY"),
  ])
  func aJobIsWhatItsSystemReads(_ checker: [String], _ name: String, _ word: String) throws {
    func check(_ file: String) throws -> Subprocess.Result {
      try Subprocess.run(
        Repository.root.appending(path: ".build/checkers/bin/\(checker[0])"), Array(checker.dropFirst()) + [file])
    }
    let path = Self.folder.appending(path: name).path
    let good = try check(path)
    #expect(good.status == 0, "\(good.text)\(good.errors)")
    // It does look.
    try tree.shell("sed 's/^\\( *\\)\(word)\\b/\\12\(word)/' '\(path)' > 'bad-\(name)'")
    #expect(try check(tree.folder.file("bad-\(name)").path).status == 1)
  }

  @Test func tasksOfSlurmShareTheTree() throws {
    let said = try tree.python(
      Self.yaml + """
        import re
        script = os.environ["ROOT"] + "/Sources/pprofconv/Documentation/ci/slurm.sh"
        first, last = map(int, re.search(r"--array=(\\d+)-(\\d+)", open(script).read()).groups())
        for i in range(first, last + 1):
            sh('"$S" profiles texts 2> log || cat log', S=script, SLURM_ARRAY_TASK_ID=str(i), SLURM_ARRAY_TASK_MIN=str(first),
               SLURM_ARRAY_TASK_MAX=str(last), SLURM_ARRAY_TASK_COUNT=str(last - first + 1), SLURM_ARRAY_TASK_STEP="1")
        print(sum(len(open("texts-%d.jsonl" % i).readlines()) - 1 for i in range(first, last + 1)))
        """)
    #expect(said == "17\n", "\(said)")
    try tree.shell("diff -r expected texts")
  }

  @Test func gnuParallelHandsOutNamesAndGetsALineForEach() throws {
    let script = Self.folder.appending(path: "parallel.sh").path
    try tree.shell("sed 's/-N 100/-N 3/' '\(script)' > small.sh; grep -q 'N 3' small.sh")
    for (i, script) in [script, "small.sh"].enumerated() {
      try tree.shell(
        "PATH=$(dirname $P):$PATH HOME=$PWD CI_NODE_INDEX=1 CI_NODE_TOTAL=2 sh '\(script)' profiles texts\(i) > lines\(i).jsonl"
      )
      let lines = try tree.lines("lines\(i).jsonl")
      #expect(lines.count == 15 && lines.allSatisfy { $0["status"] as? String == "converted" })
      // The one text of the tree is not among the names.
      try tree.shell("diff -r -x heap.txt expected texts\(i); ls expected/b/heap.txt")
    }
  }

  /// As with --retries, or when somebody starts it once more.
  @Test func namesThatGNUParallelHandsOutAgainGiveTheSameLines() throws {
    let script = Self.folder.appending(path: "parallel.sh").path
    for i in 1...2 {
      try tree.shell("PATH=$(dirname $P):$PATH HOME=$PWD sh '\(script)' profiles texts | sort > lines\(i).jsonl")
    }
    #expect(try tree.timeless("lines1.jsonl") == tree.timeless("lines2.jsonl"))
    #expect(try tree.lines("lines2.jsonl").count == 15)
  }

  /// Spark gives each partition's lines to a process, and takes its lines for the result; some partitions are empty.
  @Test func aPartitionOfSparkGoesThroughAPipe() throws {
    let said = try tree.python(
      """
      import json, os, shlex, subprocess
      module = {}
      exec(open(os.environ["ROOT"] + "/Sources/pprofconv/Documentation/ci/spark.py").read(), module)
      command = shlex.split(module["COMMAND"].replace("/data/", ""))
      partition = ["profiles/cpu.pb.gz", "profiles/gone.pb.gz", "profiles/a/heap.pb.gz"]
      samples = []
      # A partition that is lost is computed again.
      for names in partition, partition, []:
          done = subprocess.run(command, input="".join(n + "\\n" for n in names), capture_output=True, text=True)
          files = [json.loads(line) for line in done.stdout.splitlines()]
          assert [f["path"] for f in files] == names
          samples.append([f["samples"] for f in files])
          print(done.returncode, [f["status"] for f in files])
      assert samples[0] == samples[1], samples
      """)
    let lines = "4 ['converted', 'failed', 'converted']\n"
    #expect(said == lines + lines + "0 []\n", "\(said)")
  }

  @Test func theHooksOfPreCommitHoldWhatIsCommitted() throws {
    let said = try tree.python(
      """
      import os, subprocess, sys, yaml
      os.environ.update(GIT_CONFIG_GLOBAL=os.path.abspath("gitconfig"), HOME=os.getcwd(), PRE_COMMIT_HOME=os.path.abspath("home"))
      open("gitconfig", "w").write("[user]\\n name = t\\n email = t@example.com\\n[protocol \\"file\\"]\\n allow = always\\n")
      def run(*words, cwd=None):
          return subprocess.run(words, cwd=cwd, capture_output=True, text=True)
      def git(*words, cwd): assert run("git", *words, cwd=cwd).returncode == 0, words
      root = os.environ["ROOT"]
      os.mkdir("hooks"); open("hooks/.pre-commit-hooks.yaml", "w").write(open(root + "/.pre-commit-hooks.yaml").read())
      for folder in "hooks", "profiles":
          git("init", "-q", cwd=folder); git("add", "-A", cwd=folder); git("commit", "-qm", "x", cwd=folder)
      config = yaml.safe_load(open(root + "/Sources/pprofconv/Documentation/ci/pre-commit-config.yaml"))
      config["repos"][0].update(repo=os.path.abspath("hooks"), rev=run("git", "rev-parse", "HEAD", cwd="hooks").stdout.strip())
      yaml.safe_dump(config, open("profiles/.pre-commit-config.yaml", "w"))
      def hooks():
          git("add", "-A", cwd="profiles")
          done = run(os.path.dirname(sys.executable) + "/pre-commit", "run", "--all-files", cwd="profiles")
          words = {line.split(".")[0]: line.split(".")[-1] for line in done.stdout.splitlines() if "...." in line}
          print(done.returncode, list(words.values()))
          return done.stdout
      out = hooks()
      assert "profile-texts/cpu.txt: is missing" in out, out
      args = [a for a in config["repos"][0]["hooks"][1]["args"]]
      assert run(os.environ["P"], "batch", *args, cwd="profiles").returncode == 0
      hooks()
      open("profiles/cut.pprof", "wb").write(open("profiles/cpu.pb.gz", "rb").read()[:300])
      out = hooks()
      assert "cut.pprof: byte 0x12c: error: gzip data ends in the middle" in out, out
      # A repository without profiles.
      assert run("sh", "-c", "git rm -qrf --cached . && mv .git ../g && rm -rf ./* && mv ../g .git", cwd="profiles").returncode == 0
      open("profiles/README", "w").write("hello")
      hooks()
      """)
    #expect(
      said == "1 ['Passed', 'Failed']\n0 ['Passed', 'Passed']\n1 ['Failed', 'Passed']\n"
        + "0 ['(no files to check)Skipped', 'Passed']\n",
      "\(said)")
  }

  @Test func theImageHoldsWhatTheMakefileBuilds() throws {
    let file = try String(contentsOf: Self.folder.appending(path: "Dockerfile"), encoding: .utf8)
    let makefile = try String(contentsOf: Repository.root.appending(path: "Makefile"), encoding: .utf8)
    let binary = try #require(makefile.firstMatch(of: /(?m)^BIN\s*= (\S+)$/)).1
    let steps = file.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(steps.contains { $0.hasPrefix("RUN make build ") && $0.hasSuffix(" strip \(binary)") })
    let last = try #require(steps.lastIndex { $0.hasPrefix("FROM ") })
    #expect(
      steps[last...] == [
        "FROM scratch", "COPY --from=build /src/\(binary) /pprofconv", "WORKDIR /work", "ENTRYPOINT [\"/pprofconv\"]",
      ])
    #expect(steps.count { $0.hasPrefix("COPY --from=build /src/\(binary) ") } == 2)
  }

  private static let release = Repository.root.appending(path: ".build/release/pprofconv")

  /// `make test` builds it before the tests.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: release.path), "`make build` has not been run"),
    .enabled(if: BatchSafetyTests.mayMount, "no file system can be mounted here"))
  func theReleaseNeedsNothingButItself() throws {
    try tree.shell("mkdir -p root/work && cp -r profiles root/work && cp '\(Self.release.path)' root/pprofconv")
    #expect(try tree.shell("ldd root/pprofconv 2>&1 || true").contains(/not a dynamic executable|statically linked/))
    try tree.shell(
      """
      as_root=; [ "$(id -u)" = 0 ] || as_root=-r
      # As containers have it: without /proc, Swift's runtime ends every program.
      mkdir root/proc
      unshare $as_root -m -p -f sh -c 'mount -t proc proc root/proc && exec chroot root /pprofconv batch -r work/profiles \\
        --to text --output-dir work/texts -q --manifest work/m.jsonl'
      diff -r expected root/work/texts
      """)
  }
}
