internal import ProfileModel

/// What kind of profile it is, by the sample types that profilers give.
enum ProfileKind {
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
