internal import ProfileModel

/// The frames that pprof leaves out of what profilers of C++ and Java wrote: allocators, locks and the profiler itself. It
/// gives these expressions to every legacy file. A profile of ours has them where pprof would find the same names: Java's, or
/// none until a binary is at hand. Where we read names that pprof does not, they would change stacks at the first look.
enum LegacyFrames {
  case heap, contention, cpu

  /// Sets `drop_frames` and `keep_frames`.
  func set(on columns: inout ProfileColumns) {
    switch self {
    case .heap:
      columns.dropFrames = columns.strings.append(Self.alternatives(Self.allocators))
      columns.keepFrames = columns.strings.append(Self.alternatives(Self.goCallers))
    case .contention: columns.dropFrames = columns.strings.append(Self.alternatives(Self.locks))
    case .cpu: columns.dropFrames = columns.strings.append(Self.alternatives(Self.profilers))
    }
  }

  private static func alternatives(_ names: [String]) -> String { names.joined(separator: "|") }

  /// The order is pprof's, so that its own conversion of a file has the same bytes.
  private static let allocators: [String] =
    [
      "calloc", "cfree", "malloc", "free", "memalign", "do_memalign", "(__)?posix_memalign", "pvalloc", "valloc",
      "realloc", #"tcmalloc::.*"#,
    ]
    + [
      "calloc", "cfree", "malloc", "free", "memalign", "posix_memalign", "pvalloc", "valloc", "realloc", "new",
      "delete", "newarray", "deletearray", "new_nothrow", "newarray_nothrow",
    ].map { "tc_" + $0 }
    + ["malloc", "calloc", "valloc", "realloc", "memalign", "free"].map { "malloc_zone_" + $0 }
    + [
      #"runtime\..*"#, "BaseArena::.*", "(::)?do_malloc_no_errno", "(::)?do_malloc_pages", "(::)?do_malloc",
      "DoSampledAllocation", "MallocedMemBlock::MallocedMemBlock", "_M_allocate", "__builtin_(vec_)?delete",
      "__builtin_(vec_)?new", "__gnu_cxx::new_allocator::allocate", "__libc_malloc",
      "__malloc_alloc_template::allocate", "allocate", "cpp_alloc", #"operator new(\[\])?"#, "simple_alloc::allocate",
    ]
  private static let goCallers = [#"runtime\.panic"#, #"runtime\.reflectcall"#, #"runtime\.call[0-9]*"#]
  private static let locks =
    ["RecordLockProfileData"]
    + ["RecordLockProfileData", "SubmitMutexProfileData", "SubmitSpinLockProfileData"].map { "(base::)?\($0).*" }
    + ["base::", ""].flatMap { space in
      ["AwaitCommon", "Unlock", "UnlockSlow", "ReaderUnlock"].map { "(\(space)Mutex::)?\($0).*" }
        + ["(\(space)MutexLock::)?~MutexLock.*"]
    }
    + ["(SpinLock::)?Unlock.*", "(SpinLock::)?SlowUnlock.*", "(SpinLockHolder::)?~SpinLockHolder.*"]
  private static let profilers = [
    "ProfileData::Add", "ProfileData::prof_handler", "CpuProfiler::prof_handler", "__pthread_sighandler", "__restore",
  ]
}
