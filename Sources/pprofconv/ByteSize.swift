internal import ArgumentParser

/// A number of bytes on the command line: `500000`, `64M`, `1.5G`, `2GiB`. Units are of 1024.
struct ByteSize: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = argument.dropFirst(number.count).lowercased()
    for ending in ["ib", "b"] where unit.hasSuffix(ending) {
      unit.removeLast(ending.count)
      break
    }
    guard let value = Double(number), let power = ["", "k", "m", "g", "t"].firstIndex(of: unit) else { return nil }
    let bytes = value * Double(1 << (10 * power))
    guard bytes >= 1, bytes < 0x1p62 else { return nil }
    self.bytes = Int(bytes)
  }
}
