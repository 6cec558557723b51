public import ProfileFormats
public import ProfileModel

extension Profile {
  /// Writes the profile to a file, in the format that is named or that its ending says: `heap.pb.gz`, `heap.txt`.
  ///
  ///     let losses = try profile.write(to: "heap.pb.gz")
  ///
  /// A regular file is written beside its place and renamed: whoever looks finds the old one or the whole new one.
  ///
  /// - Returns: what the format could not express.
  @discardableResult
  public func write(
    to path: String, as format: FormatID? = nil, options: OutputOptions = OutputOptions()
  ) throws(ProfileError) -> LossReport {
    let writer = try Destination(.file(path), as: format).writer(from: nil, options)
    var preparation = try Preparation(self, Preparation.key(self, for: writer.info, options))
    let file = try OutputFile(path: path, temporaries: TemporaryFiles())
    var sink = ByteSink { bytes throws(ProfileError) in try file.write(bytes) }
    let losses = try preparation.write(with: writer, to: &sink, options)
    try Preparation.check(losses, writer, options)
    try file.finish()
    try file.commit()
    return losses
  }

  /// The bytes of the profile in a format.
  public func data(as format: FormatID, options: OutputOptions = OutputOptions()) throws(ProfileError) -> [UInt8] {
    let writer = try Destination(.standardOutput, as: format).writer(from: nil, options)
    var preparation = try Preparation(self, Preparation.key(self, for: writer.info, options))
    var sink = ByteSink()
    try Preparation.check(try preparation.write(with: writer, to: &sink, options), writer, options)
    return sink.buffer
  }
}
