import ProfileModel
import ProtobufWire

/// The frames of a dump by their text, `main.f` and `/src/main.go:12`: a dump of 100,000 goroutines has a few hundred.
struct TracebackFrames {
  struct Entry {
    var line: Line
    /// Of the frame alone, without an address; ``TableIndex/none`` until it is needed.
    var location = LocationIndex.none
    /// A signal put a call to it into the frame behind it.
    var isInjected: Bool
    /// The stub of a call into C. Nothing of ours is inlined into it: what stands there before it was inlined into the entry
    /// from C, `_cgoexp_…`, which Go does not print.
    var isCallIntoC: Bool
    fileprivate var start: Int
    fileprivate var nameLength: Int
    fileprivate var length: Int
  }

  private(set) var entries: [Entry] = []
  /// Name and place of each, one behind the other.
  private var arena: [UInt8] = []
  private var index = HashIndex(minimumCapacity: 1024)
  private let seed = HashSeed.next()

  /// - Parameters:
  ///   - name: where the function's name stands in `text`.
  ///   - place: file and line, in `bytes`.
  mutating func entry(
    _ text: Span<UInt8>, name: Range<Int>, _ bytes: Span<UInt8>, _ place: TracebackPlace,
    _ builder: inout ProfileBuilder
  ) -> Int {
    var hash = seed
    Self.add(text, name, to: &hash)
    Self.add(bytes, place.text, to: &hash)
    hash = HashIndex.mix(hash)
    var probe = index.probe(hash)
    while let candidate = index.next(&probe) {
      let entry = entries[Int(candidate)]
      if entry.nameLength == name.count, entry.length == name.count &+ place.text.count,
        TextBytes.equal(arena.span, entry.start, text, name.lowerBound, name.count),
        TextBytes.equal(arena.span, entry.start &+ name.count, bytes, place.text.lowerBound, place.text.count)
      {
        return Int(candidate)
      }
    }
    index.insert(hash, UInt32(truncatingIfNeeded: entries.count))
    entries.append(make(text, name, bytes, place, &builder))
    return entries.count - 1
  }

  private mutating func make(
    _ text: Span<UInt8>, _ name: Range<Int>, _ bytes: Span<UInt8>, _ place: TracebackPlace,
    _ builder: inout ProfileBuilder
  ) -> Entry {
    let start = arena.count
    for i in name { arena.append(text[i]) }
    for i in place.text { arena.append(bytes[i]) }
    let printed = text.extracting(name)
    // The one name that Go prints otherwise.
    let isPanic = name.count == 5 && TextBytes.has("panic", printed, at: 0)
    let function = isPanic ? builder.string("runtime.gopanic") : builder.string(printed)
    let injecting: [StaticString] = ["runtime.sigpanic", "runtime.asyncPreempt", "runtime.debugCallV2"]
    return Entry(
      line: Line(
        function: builder.function(
          Function(name: function, systemName: function, file: builder.string(bytes.extracting(place.file)))),
        line: place.line),
      isInjected: injecting.contains {
        $0.utf8CodeUnitCount == name.count && TextBytes.has($0, printed, at: 0)
      },
      isCallIntoC: TextBytes.find("._Cfunc_", in: printed, 0..<printed.count) != nil,
      start: start, nameLength: name.count, length: arena.count - start)
  }

  /// The location of a frame alone, without an address.
  mutating func location(_ entry: Int, _ builder: inout ProfileBuilder) -> LocationIndex {
    let known = entries[entry].location
    if known != .none { return known }
    let new = builder.location(Location(), lines: CollectionOfOne(entries[entry].line))
    entries[entry].location = new
    return new
  }

  @inline(__always)
  private static func add(_ bytes: Span<UInt8>, _ range: Range<Int>, to hash: inout UInt64) {
    var at = range.lowerBound
    while at &+ 8 <= range.upperBound {
      hash = (hash ^ loadWord(bytes, at: at)) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash &>> 29
      at &+= 8
    }
    var rest: UInt64 = 0
    while at < range.upperBound {
      rest = rest &<< 8 | UInt64(bytes[at])
      at &+= 1
    }
    hash = (hash ^ rest ^ UInt64(truncatingIfNeeded: range.count) &<< 56) &* 0xff51_afd7_ed55_8ccd
    hash ^= hash &>> 32
  }
}
