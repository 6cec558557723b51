internal import ContentHash
internal import Gzip
internal import ProfileFormats
internal import ProfileModel

/// An input on its way to a reader: its first bytes for detection, then all of it in one piece or one piece after another.
/// gzip is peeled off.
final class Transport {
  let name: String
  let isGzip: Bool
  /// The size of the file, where it tells: as it is, not inflated.
  let size: Int?
  /// What was opened, where it is a regular file.
  let status: FileStatus?
  private let options: InputOptions
  private let file: OpenFile?
  /// What was read and not given on.
  private var head: [UInt8]
  private var atEnd: Bool
  /// Inflated bytes that were given on.
  private(set) var produced = 0
  /// Whether the last of them is of a line that does not end. UTF-16 may have a zero behind it.
  private(set) var endsInLine = false
  /// Fed with what is given on, where that is asked for.
  private let hash: RunningHash?
  private lazy var maxMemory = options.maxMemory ?? MemoryLimit.ofProcess()

  static let chunk = 1 << 20
  /// What `maxInflated` is by default, for what is held in memory.
  static let defaultMaxInflated = 1 << 30
  /// The same for a text: every 20 bytes of it may become a sample of 50.
  private static let defaultMaxText = 256 << 20
  /// Real texts are compressed 10 to 40 times; deflate reaches 1032.
  private static let likelyRatio = 200
  /// What is known of memory when a protobuf is inflated: its columns take up to twice its size, beside it.
  private static let bytesPerByte = 3

  init(_ input: ProfileInput, options: InputOptions) throws(ProfileError) {
    self.options = options
    hash = options.hashesContent ? RunningHash() : nil
    name = input.name
    switch input {
    case .bytes(let bytes, _):
      file = nil
      size = bytes.count
      status = nil
      head = bytes
      atEnd = true
    case .file, .standardInput:
      let (open, status) = try Self.open(input)
      file = open
      self.status = status.kind == .regular ? status : nil
      size = self.status?.size
      do throws(SystemError) {
        if let size {
          // One byte more than there is tells the end.
          let wanted = size >= Self.chunk ? Self.chunk : max(size + 1, 4096)
          head = try open.readFully(wanted)
          atEnd = head.count < wanted
        } else {
          head = try open.read(Self.chunk)
          // A pipe may give a single byte, and gzip shows in two.
          if head.count == 1 { head = try open.readFully(1, after: head) }
          atEnd = head.isEmpty
        }
      } catch {
        throw unreadable(input.name, error)
      }
    }
    isGzip = Gzip.isGzip(head.span)
    if head.isEmpty { throw Self.empty(input, file) }
  }

  /// The first `count` inflated bytes or a few more; `isWhole` where there are no others.
  func prefix(_ count: Int) throws(ProfileError) -> (bytes: [UInt8], isWhole: Bool) {
    while true {
      if isGzip {
        let prefix = Gzip.inflatePrefix(head.span, count: count)
        if prefix.bytes.isEmpty, let error = prefix.error { throw damaged(error) }
        if prefix.bytes.isEmpty, atEnd { throw nothing(prefix) }
        if prefix.bytes.count >= count || atEnd || prefix.error != nil {
          return (prefix.bytes, prefix.isWhole && atEnd)
        }
      } else if head.count >= count || atEnd {
        return (head, atEnd)
      }
      var longer: [UInt8] = []
      swap(&longer, &head)
      longer.append(contentsOf: try nextChunk())
      head = longer
    }
  }

  /// Whether somebody has written to the file since it was opened.
  var hasChanged: Bool {
    guard let status, let file else { return false }
    do throws(SystemError) { return try !file.status().hasSameContent(as: status) } catch { return false }
  }

  /// All of the input as it is, not inflated.
  func everything() throws(ProfileError) -> [UInt8] { try readToEnd() }

  /// All of the input in one piece, of a gzip no more than `most` bytes.
  func whole(atMost most: Int = .max) throws(ProfileError) -> ByteSource {
    var bytes = try readToEnd()
    if isGzip {
      let byMemory = bytes.count < 256 << 10 ? Int.max : maxMemory / Self.bytesPerByte
      let limit = min(most, options.maxInflated ?? Self.defaultMaxInflated)
      do throws(GzipError) {
        // Room behind the bytes, so that a reader can pad them without a copy.
        bytes = try Gzip.inflate(bytes, maximumSize: min(limit, byMemory), extraCapacity: 16)
      } catch  where byMemory < limit && error.kind == .limit(byMemory) {
        throw tooMuchMemory()
      } catch {
        throw damaged(error)
      }
    }
    produced = bytes.count
    hash?.update(bytes)
    return ByteSource(bytes)
  }

  /// The input piece by piece.
  func stream() throws(ProfileError) -> ByteSource {
    if !isGzip {
      let reading = ReadAhead { () throws(ProfileError) in
        let piece = try self.nextChunk()
        self.count(piece)
        try self.checkMemory()
        return piece
      }
      return ByteSource(sizeHint: size) { () throws(ProfileError) in try reading.next() }
    }
    let inflating: Inflating
    do throws(GzipError) { inflating = try Inflating(maximumSize: options.maxInflated ?? .max) } catch {
      throw damaged(error)
    }
    let reading = ReadAhead { () throws(ProfileError) in
      let piece = try self.nextPiece(inflating)
      self.count(piece)
      try self.checkRatio(inflating.stream.consumed)
      try self.checkMemory()
      return piece
    }
    return ByteSource { () throws(ProfileError) in try reading.next() }
  }

  /// The hash of what was given on; nil where it was not asked for. Whole once a reader has taken all.
  func contentHash() -> String? { hash?.finish() }

  private func count(_ piece: [UInt8]) {
    produced += piece.count
    hash?.update(piece)
    if let last = piece.last(where: { $0 != 0 }) { endsInLine = last >= 0x20 || last == UInt8(ascii: "\t") }
  }

  private final class Inflating {
    var stream: InflateStream
    init(maximumSize: Int) throws(GzipError) { stream = try InflateStream(maximumSize: maximumSize) }
  }

  private func nextPiece(_ inflating: Inflating) throws(ProfileError) -> [UInt8] {
    while true {
      do throws(GzipError) {
        if let piece = try inflating.stream.next() { return piece }
        if atEnd, head.isEmpty {
          try inflating.stream.finish()
          return []
        }
      } catch {
        throw damaged(error)
      }
      inflating.stream.feed(try nextChunk())
    }
  }

  /// The next bytes of the file as they are; empty at the end.
  private func nextChunk() throws(ProfileError) -> [UInt8] {
    if !head.isEmpty {
      var chunk: [UInt8] = []
      swap(&chunk, &head)
      return chunk
    }
    guard !atEnd, let file else { return [] }
    do throws(SystemError) {
      let chunk = try file.read(Self.chunk)
      atEnd = chunk.isEmpty
      return chunk
    } catch {
      throw unreadable(name, error)
    }
  }

  private func readToEnd() throws(ProfileError) -> [UInt8] {
    var bytes: [UInt8] = []
    swap(&bytes, &head)
    guard !atEnd, let file else { return bytes }
    if let size, size >= 64 << 20, size > maxMemory / Self.bytesPerByte { throw tooMuchMemory() }
    do throws(SystemError) {
      while !atEnd {
        // The rest of a file whose size is known, or as much again.
        let wanted = max((size ?? 0) - bytes.count + 1, bytes.count, Self.chunk)
        let before = bytes.count
        bytes = try file.readFully(wanted, after: bytes)
        atEnd = bytes.count < before + wanted
        if bytes.count >= 64 << 20, bytes.count > maxMemory / Self.bytesPerByte { break }
      }
    } catch {
      throw unreadable(name, error)
    }
    if !atEnd { throw tooMuchMemory() }
    return bytes
  }

  private func checkRatio(_ consumed: Int) throws(ProfileError) {
    let limit = max(Self.defaultMaxText, Self.likelyRatio * consumed)
    if options.maxInflated == nil, produced > limit { throw damaged(GzipError(.limit(limit), offset: consumed)) }
  }

  private func checkMemory() throws(ProfileError) {
    if produced > options.unmeasured, System.memory > maxMemory - options.memoryMargin { throw tooMuchMemory() }
  }
}

extension Transport {
  private static func open(_ input: ProfileInput) throws(ProfileError) -> (OpenFile, FileStatus) {
    do throws(SystemError) {
      let file: OpenFile
      if case .file(let path) = input { file = try .reading(path) } else { file = .input }
      let status = try file.status()
      if status.kind == .directory { throw SystemError.isDirectory }
      return (file, status)
    } catch {
      if error == .noEntry, case .file(let path) = input, let target = System.linkTarget(path) {
        throw ProfileError(
          .unreadable, "cannot read: it is a link to “\(target)”, which does not exist", file: input.name)
      }
      throw unreadable(input.name, error)
    }
  }

  /// Tells an emptied file from one that was never filled.
  private static func empty(_ input: ProfileInput, _ file: OpenFile?) -> ProfileError {
    let hint =
      switch input {
      case .standardInput: "the command before the pipe wrote nothing: `curl -fsS` shows why"
      case .file where isStandardOutput(file):
        "the shell emptied it for `> \(input.name)` before we could read it: write with -o instead"
      default: "fetch it again: `curl -fsS` shows why nothing came"
      }
    return ProfileError(.empty, "there is nothing in it", hint: hint, file: input.name)
  }

  private static func isStandardOutput(_ file: OpenFile?) -> Bool {
    do throws(SystemError) {
      guard let input = try file?.status() else { return false }
      let output = try OpenFile.output.status()
      return input.kind == .regular && input.isSameFile(as: output)
    } catch {
      // Standard output is closed, and so it is no file.
      return false
    }
  }

  private func tooMuchMemory() -> ProfileError { Self.tooMuchMemory(maxMemory, name) }

  static func tooMuchMemory(_ limit: Int, _ name: String) -> ProfileError {
    ProfileError(
      .memory, "it needs more memory than \(byteWords(limit))", hint: "`maxMemory` allows more", file: name)
  }

  /// The error of gzip in which there is nothing: it was cut, or is empty.
  private func nothing(_ prefix: Gzip.Prefix) -> ProfileError {
    if !prefix.isWhole {
      var error = damaged(GzipError(.truncated, offset: head.count))
      error.code = .empty
      return error
    }
    return ProfileError(
      .empty, "there is nothing in it but an empty gzip",
      hint: "whoever wrote it had nothing, or was stopped before the profile was written: take it again", file: name)
  }

  private func damaged(_ error: GzipError) -> ProfileError {
    var result = ProfileError(.malformed, "\(error)", at: .byte(error.offset), file: name)
    switch error.kind {
    case .truncated:
      result.code = .truncated
      result.hint = "the download or copy was cut off: fetch it again"
    case .damaged: result.hint = "the file was changed on its way (a text mode transfer?): fetch it again"
    case .trailingGarbage: result.hint = "cut off what stands behind the profile, or fetch it again"
    case .limit(let size):
      result.code = .limit
      result.message = "it inflates to more than \(byteWords(size))"
      result.hint = "`maxInflated` allows more"
    case .noMemory:
      result.code = .limit
      result.place = .none
    }
    return result
  }
}

private func unreadable(_ name: String, _ error: SystemError) -> ProfileError {
  ProfileError(
    .unreadable, "cannot read: " + error.words, hint: error == .isDirectory ? "name a file in it" : nil, file: name)
}

/// A number of bytes as the options spell it: `64M` where it is exact, else the plain number.
func byteWords(_ count: Int) -> String {
  for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where count >= 1 << shift && count % (1 << shift) == 0 {
    return "\(count >> shift) \(unit)"
  }
  return count >= 10 << 20 ? "\(count >> 20) MiB" : "\(count) bytes"
}
