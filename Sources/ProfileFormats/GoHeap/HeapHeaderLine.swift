import ProfileModel

/// The first line of Go's heap text, as we print it:
///
///     heap profile: IO: IB [AO: AB] @ heap/N
///
/// with the sums of the records. A reader that finds another line keeps it as a comment (``commentPrefix``), from which
/// the writer gives it back.
enum HeapHeaderLine {
  static let commentPrefix = "# heap profile: "

  /// - Parameters:
  ///   - totals: sums over the records, wrapping.
  ///   - number: twice the period.
  ///   - hasAlloc: whether pprof is to read the numbers in brackets. It does where they differ from the others and are not
  ///     0; where they do not, allocated bytes are printed one larger, as Go 1.27 does it. Nobody reads the sums as data.
  static func bytes(_ totals: HeapValues, number: Int64, hasAlloc: Bool = true) -> [UInt8] {
    // pprof takes no sign here.
    let inuseObjects = max(0, totals.inuseObjects)
    let inuseBytes = max(0, totals.inuseBytes)
    let allocObjects = max(0, totals.allocObjects)
    var allocBytes = max(0, totals.allocBytes)
    if hasAlloc {
      if allocBytes == inuseBytes { allocBytes = allocBytes == .max ? 1 : allocBytes + 1 }
      let isRead = (allocObjects != inuseObjects && allocObjects != 0) || allocBytes != 0
      if !isRead { allocBytes = inuseBytes == 1 ? 2 : 1 }
    }
    var line: [UInt8] = []
    line.append("heap profile: ")
    line.appendDecimal(inuseObjects)
    line.append(": ")
    line.appendDecimal(inuseBytes)
    line.append(" [")
    line.appendDecimal(allocObjects)
    line.append(": ")
    line.appendDecimal(allocBytes)
    line.append("] @ heap/")
    line.appendDecimal(number)
    return line
  }
}
