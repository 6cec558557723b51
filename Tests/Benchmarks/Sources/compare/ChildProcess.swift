import Glibc
import Support

/// What one run of a program cost.
struct Cost {
  var wall: Double
  /// User and system time of the process, all its threads.
  var cpu: Double
  /// Largest resident set, MiB.
  var peak: Double
}

/// Runs a program to its end and measures it with wait4. The runner is small on purpose: Linux counts the memory of the
/// process that starts a child into the child's peak, so that the runner's own peak is a floor under what it measures.
func run(_ arguments: [String], environment: [String]) throws -> Cost {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for descriptor: Int32 in 0...2 {
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
  }
  let argv = arguments.map { strdup($0) } + [nil]
  let envp = environment.map { strdup($0) } + [nil]
  defer { for pointer in argv + envp { free(pointer) } }
  var child: pid_t = 0
  let start = now()
  let spawned = posix_spawn(&child, arguments[0], &actions, nil, argv, envp)
  guard spawned == 0 else {
    throw Failure("cannot start \(arguments[0]): \(String(cString: strerror(spawned)))")
  }
  var status: Int32 = 0
  var usage = rusage()
  while wait4(child, &status, 0, &usage) < 0 {
    guard errno == EINTR else { throw Failure("wait4: \(String(cString: strerror(errno)))") }
  }
  let wall = now() - start
  guard status == 0 else {
    let what = status & 0x7f == 0 ? "exit \(status >> 8)" : "signal \(status & 0x7f)"
    throw Failure("\(what): \(arguments.joined(separator: " "))")
  }
  return Cost(
    wall: wall, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime), peak: Double(usage.ru_maxrss) / 1024)
}

func ownPeak() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_maxrss) / 1024
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
