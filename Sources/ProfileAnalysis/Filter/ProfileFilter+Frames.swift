public import ProfileModel
internal import RegularExpressions

// pprof's profile/filter.go and profile/prune.go, once a location and once a stack instead of once a sample.
extension ProfileFilter {
  /// focus, ignore, hide and show. Gives which samples stay.
  func filterNames(_ columns: inout ProfileColumns, _ unmatched: inout [String]) -> [Bool] {
    let count = columns.locations.count
    let ignored = ignore.map { FrameMatches($0, columns) }
    let focused = focus.map { FrameMatches($0, columns) }
    var isIgnored = [Bool](repeating: false, count: count)
    var isFocused = [Bool](repeating: false, count: count)
    for location in 0..<count {
      isIgnored[location] = ignored?.matches(location, columns) ?? false
      // A location that is ignored is not asked whether it is in focus.
      isFocused[location] = !isIgnored[location] && (focused?.matches(location, columns) ?? true)
    }
    if focused != nil, !isFocused.contains(true) { unmatched.append("Focus") }
    if ignored != nil, !isIgnored.contains(true) { unmatched.append("Ignore") }

    let isHidden = hideLines(&columns, &unmatched)
    let hasHidden = isHidden.contains(true)
    // Of each stack whether its samples stay.
    var stays = [Bool](repeating: false, count: columns.stackCount)
    for stack in stays.indices {
      var hasFocus = false
      var hasShown = !hasHidden
      var hasIgnored = false
      for at in columns.stackRange(StackIndex(stack)) {
        let location = columns.stackLocations[at].position
        hasIgnored = hasIgnored || isIgnored[location]
        hasFocus = hasFocus || isFocused[location]
        hasShown = hasShown || !isHidden[location]
      }
      stays[stack] = hasFocus && hasShown && !hasIgnored
    }
    if hasHidden { columns.keepStackLocations(columns.stackLocations.map { !isHidden[$0.position] }) }
    return columns.sampleStacks.map { stays[$0.position] }
  }

  /// Takes away the lines that are not to be seen, and gives which locations have none left of it.
  private func hideLines(_ columns: inout ProfileColumns, _ unmatched: inout [String]) -> [Bool] {
    var isHidden = [Bool](repeating: false, count: columns.locations.count)
    if hide == nil, show == nil { return isHidden }
    let hidden = hide.map { FrameMatches($0, columns) }
    let shown = show.map { FrameMatches($0, columns) }
    var keepsLine = [Bool](repeating: true, count: columns.lines.count)
    var anyHidden = false
    var anyShown = false
    for location in isHidden.indices {
      let lines = columns.lineRange(LocationIndex(location))
      if let hidden, hidden.matches(location, columns) {
        anyHidden = true
        for line in lines where hidden.mappings[location] || hidden.lines[line] { keepsLine[line] = false }
        isHidden[location] = !keepsLine[lines].contains(true)
      }
      if let shown {
        // A location without lines is shown by its mapping's file, and even then counts as hidden: it has nothing to show.
        for line in lines where !shown.mappings[location] && !shown.lines[line] { keepsLine[line] = false }
        if keepsLine[lines].contains(true) { anyShown = true } else { isHidden[location] = true }
      }
    }
    if hidden != nil, !anyHidden { unmatched.append("Hide") }
    if shown != nil, !anyShown { unmatched.append("Show") }
    columns.keepLines(keepsLine)
    return isHidden
  }

  /// show_from. Gives which samples stay.
  static func showFrom(_ pattern: RegularExpression, _ columns: inout ProfileColumns, _ unmatched: inout [String])
    -> [Bool]
  {
    let matches = FrameMatches(pattern, columns)
    var isMatched = [Bool](repeating: false, count: columns.locations.count)
    var keepsLine = [Bool](repeating: true, count: columns.lines.count)
    for location in isMatched.indices {
      // A mapping that matches keeps all lines.
      if matches.mappings[location] {
        isMatched[location] = true
        continue
      }
      let lines = columns.lineRange(LocationIndex(location))
      guard let outermost = lines.last(where: { matches.lines[$0] }) else { continue }
      isMatched[location] = true
      for line in outermost + 1..<lines.upperBound { keepsLine[line] = false }
    }
    if !isMatched.contains(true) { unmatched.append("ShowFrom") }
    var keepsFrame = [Bool](repeating: true, count: columns.stackLocations.count)
    var stays = [Bool](repeating: false, count: columns.stackCount)
    for stack in stays.indices {
      let frames = columns.stackRange(StackIndex(stack))
      let highest = frames.last { isMatched[columns.stackLocations[$0].position] }
      stays[stack] = highest != nil
      for at in (highest ?? frames.upperBound - 1) + 1..<frames.upperBound { keepsFrame[at] = false }
    }
    columns.keepLines(keepsLine)
    columns.keepStackLocations(keepsFrame)
    return columns.sampleStacks.map { stays[$0.position] }
  }

  /// prune_from: what is below the lowest frame that matches goes, the frame itself stays.
  static func prune(from pattern: RegularExpression, _ columns: inout ProfileColumns) {
    var isMatched: [Bool] = []
    isMatched.reserveCapacity(columns.functions.count)
    for function in columns.functions {
      let name = columns.strings.bytes[columns.strings.range(function.name)]
      isMatched.append(!name.isEmpty && pattern.matches(FramePruning.simplified(Array(name)).span))
    }
    if !isMatched.contains(true) { return }
    var isCut = [Bool](repeating: false, count: columns.locations.count)
    var keepsLine = [Bool](repeating: true, count: columns.lines.count)
    for location in isCut.indices {
      let lines = columns.lineRange(LocationIndex(location))
      guard let innermost = lines.first(where: { isMatched[columns.lines[$0].function.position] }) else { continue }
      isCut[location] = true
      for line in lines.lowerBound..<innermost { keepsLine[line] = false }
    }
    var keepsFrame = [Bool](repeating: true, count: columns.stackLocations.count)
    for stack in 0..<columns.stackCount {
      let frames = columns.stackRange(StackIndex(stack))
      guard let lowest = frames.first(where: { isCut[columns.stackLocations[$0].position] }) else { continue }
      for at in frames.lowerBound..<lowest { keepsFrame[at] = false }
    }
    columns.keepLines(keepsLine)
    columns.keepStackLocations(keepsFrame)
  }
}

extension Profile {
  /// Keeps of the functions of a location the outermost, into which the others were inlined, without its column: what pprof
  /// makes of `noinlines` where addresses stay. O(lines).
  ///
  /// - Parameter keepingColumns: whether the column stays (`showcolumns`).
  public func withoutInlines(keepingColumns: Bool = false) throws(ProfileError) -> Profile {
    var columns = columns
    for i in columns.mappings.indices { columns.mappings[i].hasInlineFrames = false }
    var isKept = [Bool](repeating: false, count: columns.lines.count)
    for location in columns.locations.indices {
      guard let outermost = columns.lineRange(LocationIndex(location)).last else { continue }
      isKept[outermost] = true
      if !keepingColumns { columns.lines[outermost].column = 0 }
    }
    columns.keepLines(isKept)
    return try Profile(columns)
  }
}
