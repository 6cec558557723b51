public import ProfileModel

/// The CPU profile of a Java program in the words of gperftools' one, with its locations as text behind them. See
/// ``CPUBinary`` and ``JavaLocations``.
public struct JavaCPUReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("java-cpu"), extensions: ["prof"],
    summary: "a Java program's CPU profile: binary, with its locations as text", isBinary: true)

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    CPUBinary.detect(prefix, isWhole: isWhole, isJava: true)
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try CPUBinary.read(&source, options: options, diagnostics: &diagnostics)
  }

  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended { CPUBinary.mend(input, damage) }
}
