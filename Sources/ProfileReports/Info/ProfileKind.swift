package import ProfileModel

/// What kind of profile it is, by the sample types that profilers give.
package enum ProfileKind {
  /// The same in one word, for names of files and for programs: `heap`, `allocs`, `cpu`, `contention` (block and mutex
  /// profiles have the same sample types), `goroutine` …, `empty` or `profile`.
  package static func word(_ profile: Profile) -> String {
    let columns = profile.columns
    let types = columns.sampleTypes.map { profile.string($0.type) }
    if HeapColumns(profile) != nil || types == ["inuse_objects", "inuse_space"] {
      return profile.string(columns.defaultSampleType) == "alloc_space" ? "allocs" : "heap"
    }
    if types.contains("contentions"), types.contains("delay") { return "contention" }
    if types.contains("cpu") { return "cpu" }
    guard types.count == 1, let only = types.first else { return types.isEmpty ? "empty" : "profile" }
    let isWord = only.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "-")
    }
    return isWord && !only.isEmpty && only.utf8.count <= 40 ? only : "profile"
  }

  static func name(of profile: Profile) -> String {
    let columns = profile.columns
    let types = columns.sampleTypes.map { profile.string($0.type) }
    if let heap = HeapColumns(profile) {
      if !heap.hasAlloc { return "heap, in use only" }
      return profile.string(columns.defaultSampleType) == "alloc_space" ? "heap (allocs)" : "heap"
    }
    if types == ["inuse_objects", "inuse_space"] { return "heap, in use only" }
    if types.contains("contentions"), types.contains("delay") { return "block or mutex contention" }
    if types.contains("cpu") { return "CPU" }
    if types.count == 1, let only = types.first, profile.string(columns.sampleTypes[0].unit) == "count" { return only }
    return types.isEmpty ? "empty" : "profile of " + types.joined(separator: ", ")
  }

  /// What a sample type counts; nil for one that no usual profiler writes.
  static func meaning(of type: String, unit: String) -> String? {
    switch type {
    case "alloc_objects": "objects allocated since the start, freed ones included"
    case "alloc_space": "bytes allocated since the start, freed ones included"
    case "inuse_objects", "objects": "objects not yet freed"
    case "inuse_space", "space": "bytes not yet freed"
    case "contentions": "how often somebody waited"
    case "delay": "how long they waited"
    case "samples" where unit == "count": "how often the profiler looked"
    case "cpu": "time on a processor"
    case "goroutine": "goroutines"
    case "threadcreate": "threads that were started"
    case "thread": "threads that stand there"
    default: nil
    }
  }
}
