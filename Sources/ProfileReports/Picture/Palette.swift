internal import ProfileAnalysis
internal import ProfileModel

/// Colours of frames: a hue for each package, by a hash of its name, so that it is the same in every picture; a shade for
/// each function. All are light: names stand on them in black.
struct Palette {
  /// The names that `--colors` takes; the first one is the default.
  static let names = ["package", "hot", "mem", "io", "red", "green", "blue", "aqua", "yellow", "purple", "orange"]

  let name: String

  /// - Throws: `option` where there is no such palette.
  init(_ name: String?) throws(ProfileError) {
    let wanted = name ?? Self.names[0]
    guard Self.names.contains(wanted) else {
      throw ProfileError(
        .option, "no colours “\(wanted)”", hint: "there are \(Self.names.joined(separator: ", "))")
    }
    self.name = wanted
  }

  /// Sixteen hues of OKLCH (20° and every 22.5° from there, chroma 0.095) in three lightnesses, 0.79, 0.83 and 0.87.
  private static let hues: [[UInt32]] = [
    [0xf2a2a1, 0xffafae, 0xffc1c0], [0xefa78a, 0xfdb396, 0xffc5ae], [0xe5ae78, 0xf3bb85, 0xf7cba1],
    [0xd4b771, 0xe2c47e, 0xe9d29c], [0xbec077, 0xcbcd84, 0xd7d9a0], [0xa3c888, 0xb0d595, 0xc2dfad],
    [0x88cda0, 0x95daac, 0xade3bf], [0x71cfba, 0x7edcc7, 0x9ee5d4], [0x68cdd3, 0x75dae0, 0x98e4e8],
    [0x70c8e7, 0x7dd5f4, 0x9de0f8], [0x86c1f4, 0x92ceff, 0xabdaff], [0xa0b9f8, 0xacc6ff, 0xbfd3ff],
    [0xb9b0f4, 0xc6bdff, 0xd3cdff], [0xd0a9e7, 0xddb6f4, 0xe5c7f8], [0xe1a4d3, 0xefb0e0, 0xf4c2e8],
    [0xeda1bb, 0xfaaec8, 0xfec0d4],
  ]
  private static let grey: [UInt32] = [0xc9c9c9, 0xd3d3d3, 0xdddddd]
  static let root: UInt32 = 0xd9d9d9

  /// Palettes of one kind of colour, from the darkest to the lightest that a package can have.
  private static let ranges: [String: (from: UInt32, to: UInt32)] = [
    "hot": (0xf0703c, 0xfde27a), "mem": (0x63c267, 0xbfe9a0), "io": (0x79a6f2, 0xc0d8ff), "red": (0xf07a70, 0xfcb8ae),
    "green": (0x63c267, 0xb4ecae), "blue": (0x79a6f2, 0xb4d2ff), "aqua": (0x58c0c0, 0xa6ecec),
    "yellow": (0xccc04a, 0xeee896), "purple": (0xcf8ae6, 0xecbcfa), "orange": (0xf0944a, 0xfcc890),
  ]

  /// 0xRRGGBB.
  func color(of name: Span<UInt8>) -> UInt32 {
    let package = PackageName.range(in: name)
    let shade = Int(Self.hash(name, 0..<name.count) % 3)
    guard let range = Self.ranges[self.name] else {
      if package.isEmpty { return Self.grey[shade] }
      return Self.hues[Int(Self.hash(name, package) % UInt64(Self.hues.count))][shade]
    }
    // Packages are spread over the range, functions a little around their packages.
    let position = Int(Self.hash(name, package) % 200) + 28 * shade
    return Self.mix(range.from, range.to, position, of: 256)
  }

  /// Of a frame: by its function, also where names tell places as well, so that it is the same at every granularity.
  func color(of frame: Int, in table: FrameTable, _ profile: Profile) -> UInt32 {
    if frame == 0 { return Self.root }
    if table.hasPlaces, table.functions[frame] != .none {
      let name = profile.columns.functions[table.functions[frame].position].name
      if name != .empty { return color(of: profile.columns.strings[name]) }
    }
    return color(of: table.name(of: frame))
  }

  /// Of a difference: red where there is more now, blue where there is less, grey where nothing changed in sum.
  static func difference(_ value: Int64, of width: Int64) -> UInt32 {
    if width == 0 || value == 0 { return 0xe0e0e0 }
    let share = Int(UInt128(value.magnitude) * 255 / UInt128(width.magnitude))
    return mix(0xe8e4e4, value > 0 ? 0xf2726a : 0x6fa3f2, share, of: 255)
  }

  private static func mix(_ a: UInt32, _ b: UInt32, _ part: Int, of whole: Int) -> UInt32 {
    var result: UInt32 = 0
    for shift in [UInt32(16), 8, 0] {
      let (x, y) = (Int(a >> shift & 0xff), Int(b >> shift & 0xff))
      result |= UInt32(x + (y - x) * part / whole) << shift
    }
    return result
  }

  static func css(_ color: UInt32) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// FNV-1a, mixed: the same on every machine and in every run. It begins where thirteen packages that most Go programs have
  /// (`main`, `runtime`, `net/http`, `encoding/json` …) all get hues of their own.
  private static func hash(_ name: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_4d95
    for i in range { hash = (hash ^ UInt64(name[i])) &* 0x100_0000_01b3 }
    return HashIndex.mix(hash)
  }
}

/// What a function belongs to, by its name: Go's package, C++'s outermost namespace.
enum PackageName {
  /// `net/http.(*conn).serve` is of `net/http`, `std::vector<a::b>::at` of `std`; empty for an address.
  static func range(in name: Span<UInt8>) -> Range<Int> {
    if name.count > 1, name[0] == UInt8(ascii: "0"), name[1] == UInt8(ascii: "x") { return 0..<0 }
    // Type arguments and receivers name other packages.
    var end = 0
    while end < name.count, !"([<{ ".utf8.contains(name[end]) { end += 1 }
    if end == 0 { return 0..<name.count }
    var start = 0
    for i in 0..<end where name[i] == UInt8(ascii: "/") { start = i + 1 }
    for i in start..<end {
      if name[i] == UInt8(ascii: ".") { return 0..<i }
      if name[i] == UInt8(ascii: ":"), i + 1 < name.count, name[i + 1] == UInt8(ascii: ":") { return 0..<i }
    }
    return 0..<end
  }
}
