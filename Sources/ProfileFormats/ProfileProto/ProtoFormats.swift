import Gzip
public import ProfileModel

/// Reads profile.proto. Gzip has been peeled off before: one reader for `pb` and `pb.gz`.
public struct ProfileProtoReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("pb"), aliases: ["pb.gz", "proto"], extensions: ["pb", "pb.gz", "pprof", "prof"],
    summary: "profile.proto, compressed or not", isBinary: true, isProto: true)

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    ProfileProto.detect(prefix, isWhole: isWhole)
  }

  public func read(_ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics)
    throws(ProfileError)
    -> Profile
  {
    try ProfileProto.decode(try source.readAll(), diagnostics: &diagnostics)
  }

  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended { ProtoMender.mend(input) }
}

/// Writes profile.proto without compression.
public struct ProfileProtoWriter: ProfileWriter {
  public let info = FormatInfo(
    id: FormatID("pb"), aliases: ["proto"], extensions: ["pb"], summary: "profile.proto, not compressed",
    isBinary: true,
    isProto: true)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    try sink.append(whole: ProfileProto.encode(profile))
    return LossReport()
  }
}

/// Writes profile.proto as everybody stores it: compressed with gzip, by default as one member.
public struct ProfileProtoGzipWriter: ProfileWriter {
  public let info = FormatInfo(
    id: FormatID("pb.gz"), aliases: ["proto.gz"], extensions: ["pb.gz", "pprof", "prof"],
    summary: "profile.proto, compressed with gzip", isBinary: true, isProto: true)

  public init() {}

  public func write(_ profile: consuming Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    let bytes = ProfileProto.encode(profile)
    // It is as large as its bytes, and the compressed ones come beside them.
    _ = consume profile
    options.observesContent?(bytes)
    var compressed: [UInt8]
    do throws(GzipError) {
      compressed =
        options.members
        ? try Gzip.deflateMembers(bytes, level: options.level, jobs: options.jobs)
        : try Gzip.deflate(bytes, level: options.level)
    } catch {
      throw ProfileError(.limit, error.description)
    }
    try sink.append(whole: compressed)
    return LossReport()
  }
}

extension ByteSink {
  /// Hands on a whole output without copying it, where nothing came before.
  mutating func append(whole bytes: consuming [UInt8]) throws(ProfileError) {
    if buffer.isEmpty { buffer = bytes } else { buffer.append(contentsOf: bytes) }
    try flushIfLarge()
  }
}
