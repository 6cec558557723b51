package import ProfileModel
internal import RegularExpressions

/// What pprof leaves of a profile before it shows anything of it: `drop_frames` less `keep_frames`, applied to the names of
/// functions. Seen from the root, behind the first frame that stays, the first one that matches goes, and all below it.
package struct FramePruning {
  /// How many lines of each location are left out, from the innermost. Empty where nothing is dropped.
  package private(set) var droppedLines: [Int] = []
  /// How many locations of each stack are left out, from the leaf.
  package private(set) var droppedLocations: [Int] = []
  /// Set where the profile asks to drop frames in words that we cannot read; nothing is dropped then. Only without RE2.
  package private(set) var isUnsupported = false

  package var dropsNothing: Bool { droppedLines.isEmpty }

  private enum Fate {
    case stays
    /// Its outer lines stay, and what is below it goes.
    case isCut
    case goes
  }

  package init(_ columns: ProfileColumns) {
    let strings = columns.strings
    if strings.isEmpty(columns.dropFrames) { return }
    let drop: WholeName
    var keep: WholeName?
    do throws(WholeName.Problem) {
      drop = try WholeName(strings[columns.dropFrames])
      if !strings.isEmpty(columns.keepFrames) { keep = try WholeName(strings[columns.keepFrames]) }
    } catch {
      // pprof drops nothing, without a word, where it cannot read the expression.
      isUnsupported = error == .unsupported
      return
    }
    let isDropped = columns.functions.map { function in
      if strings.isEmpty(function.name) { return false }
      let name = Self.simplified(Array(strings.bytes[strings.range(function.name)]))
      return drop.matches(name.span) && !(keep?.matches(name.span) ?? false)
    }
    if !isDropped.contains(true) { return }

    var fates = [Fate](repeating: .stays, count: columns.locations.count)
    droppedLines = [Int](repeating: 0, count: columns.locations.count)
    for i in columns.locations.indices {
      let lines = columns.lineRange(LocationIndex(i))
      guard let cut = lines.last(where: { isDropped[columns.lines[$0].function.position] }) else { continue }
      if cut == lines.upperBound - 1 {
        fates[i] = .goes
      } else {
        fates[i] = .isCut
        droppedLines[i] = cut + 1 - lines.lowerBound
      }
    }
    droppedLocations = (0..<columns.stackCount).map { stack in
      let range = columns.stackRange(StackIndex(stack))
      var hasUserFrame = false
      for i in range.reversed() {
        let fate = fates[columns.stackLocations[i].position]
        if fate == .stays {
          hasUserFrame = true
        } else if hasUserFrame {
          return i - range.lowerBound + (fate == .goes ? 1 : 0)
        }
      }
      return 0
    }
  }

  package func locations(_ stack: StackIndex, _ columns: ProfileColumns) -> Range<Int> {
    let range = columns.stackRange(stack)
    return droppedLocations.isEmpty ? range : range.lowerBound + droppedLocations[stack.position]..<range.upperBound
  }

  package func lines(_ location: LocationIndex, _ columns: ProfileColumns) -> Range<Int> {
    let range = columns.lineRange(location)
    return droppedLines.isEmpty ? range : range.lowerBound + droppedLines[location.position]..<range.upperBound
  }

  /// A function's name without the dot that PowerPC puts before it and without its arguments: from the first parenthesis
  /// that belongs to neither `(anonymous namespace)` nor `operator()`.
  package static func simplified(_ name: [UInt8]) -> [UInt8] {
    let name = name.first == UInt8(ascii: ".") ? name.dropFirst() : name[...]
    var at = name.startIndex
    while at < name.endIndex {
      let rest = name[at...]
      if let reserved = reserved.first(where: { rest.starts(with: $0) }) {
        at += reserved.count
      } else if name[at] == UInt8(ascii: "(") {
        return Array(name[..<at])
      } else {
        at += 1
      }
    }
    return Array(name)
  }

  private static let reserved = [Array("(anonymous namespace)".utf8), Array("operator()".utf8)]
}
