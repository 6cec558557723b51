public import ProfileModel

/// The heap profile of a Java program as text. See ``JavaText``.
public struct JavaHeapReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("java-heap"), extensions: ["txt"], summary: "a Java program's heap profile (`--- heapz 1 ---`)")

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix)
    guard let end = TextBytes.newline(in: text.span, from: 0) ?? (isWhole ? text.count : nil) else {
      return text.count < 64 ? .needMore : .no
    }
    return JavaText.kind(text.span, 0..<end) == .heap ? .certain : .no
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var lines = TextLines(maxLine: options.maxLine)
    guard let first = try lines.next(&source), let kind = JavaText.kind(lines.bytes, first), kind == .heap else {
      throw ProfileError(.malformed, "a Java heap profile begins with `--- heapz 1 ---`", at: lines.place())
    }
    return try JavaText.read(kind, &lines, &source, &diagnostics)
  }
}

/// The contention profile of a Java program as text. See ``JavaText``.
public struct JavaContentionReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("java-contention"), extensions: ["txt"],
    summary: "a Java program's contention profile (`--- contentionz 1 ---`, `format = java`)")

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    ContentionText.detect(prefix, isWhole: isWhole, isJava: true)
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try ContentionText.read(&source, options: options, diagnostics: &diagnostics)
  }
}
