import ProfileFormats
import ProfileModel
import Testing

/// Reads `bytes` with one reader, as the kit would.
func reading(_ bytes: [UInt8], with reader: some ProfileReader) throws(ProfileError) -> (Profile, Diagnostics) {
  var source = ByteSource(bytes)
  var diagnostics = Diagnostics()
  let profile = try reader.read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  return (profile, diagnostics)
}

func reading(_ text: String, with reader: some ProfileReader) throws(ProfileError) -> (Profile, Diagnostics) {
  try reading(Array(text.utf8), with: reader)
}

func writing(_ profile: Profile, with writer: some ProfileWriter, _ options: WriteOptions = WriteOptions())
  throws(ProfileError) -> (bytes: [UInt8], losses: LossReport)
{
  var sink = ByteSink()
  let losses = try writer.write(profile, to: &sink, options: options)
  return (sink.buffer, losses)
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Feeds a reader every prefix of a file, the file in pieces of each of some sizes, and the file with each of its bytes
/// changed: it may read or refuse, but must come back. Says how often it did each.
func bothering(_ reader: some ProfileReader, with bytes: [UInt8]) -> (read: Int, refused: Int) {
  var read = 0
  var refused = 0
  func attempt(_ bytes: [UInt8]) {
    _ = reader.detect(bytes.span, isWhole: true)
    do throws(ProfileError) {
      _ = try reading(bytes, with: reader)
      read += 1
    } catch {
      refused += 1
    }
  }
  for count in 0..<bytes.count { attempt(Array(bytes[..<count])) }
  var seed: UInt64 = 1
  for i in bytes.indices {
    for _ in 0..<2 {
      seed = HashIndex.mix(seed)
      var changed = bytes
      changed[i] = UInt8(truncatingIfNeeded: seed >> 11)
      attempt(changed)
    }
    for byte in Array("0 -:\"]\n".utf8) {
      var changed = bytes
      changed[i] = byte
      attempt(changed)
    }
  }
  return (read, refused)
}

/// Reads a file that comes in pieces of `size` bytes.
func reading(_ bytes: [UInt8], inPiecesOf size: Int, with reader: some ProfileReader) throws(ProfileError) -> Profile {
  var at = 0
  var source = ByteSource { () throws(ProfileError) in
    let end = min(at + size, bytes.count)
    defer { at = end }
    return Array(bytes[at..<end])
  }
  var diagnostics = Diagnostics()
  return try reader.read(&source, options: ReadOptions(), diagnostics: &diagnostics)
}
