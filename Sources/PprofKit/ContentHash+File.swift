internal import ContentHash
internal import Gzip
internal import ProfileModel

/// SHA-256 of files' contents, gzip taken off.
enum ContentHash {
  /// What is inflated at once, which takes libdeflate a third of zlib's time. More is inflated as a stream.
  private static let mostAtOnce = (compressed: 4 << 20, inflated: 64 << 20)

  /// The hash of what a file holds, as sha256sum(1) prints it of the inflated file. Memory: 68 MiB at most.
  ///
  /// - Throws: what reading or inflating it says. The limits of `options` are kept. With ``InputOptions/recovers`` a gzip that is
  ///   damaged is hashed as it is.
  static func ofFile(_ path: String, _ options: InputOptions = InputOptions()) throws(ProfileError) -> String {
    try content(of: path, options).sha256
  }

  /// The same, with whether gzip is around it.
  static func content(of path: String, _ options: InputOptions = InputOptions()) throws(ProfileError) -> FileContent {
    do throws(ProfileError) { return try inflated(path, options) } catch  where options.recovers {
      return FileContent(sha256: ofDamaged(try Transport(.file(path), options: options).everything()), isGzip: true)
    }
  }

  /// The hash of what cannot be inflated, as it is.
  static func ofDamaged(_ bytes: [UInt8]) -> String {
    let hash = RunningHash()
    hash.update(bytes)
    return hash.finish()
  }

  private static func inflated(_ path: String, _ options: InputOptions) throws(ProfileError) -> FileContent {
    var options = options
    options.hashesContent = true
    let transport = try Transport(.file(path), options: options)
    if transport.isGzip, let size = transport.size, size <= mostAtOnce.compressed {
      do throws(ProfileError) {
        _ = try transport.whole(atMost: mostAtOnce.inflated)
        return FileContent(sha256: transport.contentHash() ?? "", isGzip: true)
      } catch  where [.limit, .memory].contains(error.code) {
        // It inflates to more, which the stream takes, or refuses by the limits that were asked for.
        return try ofStream(try Transport(.file(path), options: options))
      }
    }
    return try ofStream(transport)
  }

  private static func ofStream(_ transport: Transport) throws(ProfileError) -> FileContent {
    var source = try transport.stream()
    while try !source.next().isEmpty {}
    return FileContent(sha256: transport.contentHash() ?? "", isGzip: transport.isGzip)
  }
}

/// What a file holds, whatever compressed it.
struct FileContent: Hashable, Sendable {
  /// Of what is in it, gzip taken off, in hexadecimal digits.
  var sha256: String
  var isGzip: Bool
}
