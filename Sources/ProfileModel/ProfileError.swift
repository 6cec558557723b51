/// Why something could not be read, made or written: what is wrong, where, and what to do about it. Plain data; one file
/// of the command turns it into words on a terminal.
public struct ProfileError: Error, Hashable, Sendable {
  /// What went wrong, for programs. New codes may come: compare with the ones you know.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A file is missing or cannot be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// Nothing to read: no bytes at all.
    public static let empty = Code(rawValue: "empty")
    /// No reader knows this kind of file. The text says what it is, where that can be told.
    public static let unknownFormat = Code(rawValue: "unknown-format")
    /// The file ends in the middle.
    public static let truncated = Code(rawValue: "truncated")
    /// Damaged: a checksum, a wire type, a record that cannot be.
    public static let malformed = Code(rawValue: "malformed")
    /// Well formed, but no valid profile: an index out of range, a value too many.
    public static let invalid = Code(rawValue: "invalid")
    /// Profiles that cannot be merged or compared: they count different things.
    public static let incompatible = Code(rawValue: "incompatible")
    /// A limit was reached; the hint names the option that raises it.
    public static let limit = Code(rawValue: "limit")
    /// An output could not be written.
    public static let unwritable = Code(rawValue: "unwritable")
    /// What was asked for cannot be done with this profile or format.
    public static let unsupported = Code(rawValue: "unsupported")
    /// An option that does not fit: an unknown format, a sample type that the profile does not have, a pattern that is none.
    public static let option = Code(rawValue: "option")
    /// `strict` refused to lose something.
    public static let loss = Code(rawValue: "loss")
  }

  public enum Place: Hashable, Sendable {
    case none
    /// Bytes from the start of the (inflated) input.
    case byte(Int)
    /// Line and column from 1; column in bytes. `text` is the line itself, perhaps cut.
    case line(Int, column: Int?, text: String?)
    /// In what was asked for, such as a pattern, at a column from 1, in bytes.
    case text(String, column: Int)
  }

  public var code: Code
  /// One sentence without a full stop, in lower case: it stands behind `error: `.
  public var message: String
  public var place: Place
  /// The field, in profile.proto's terms: `sample[17].location_id[3]`.
  public var path: String?
  /// What to do, as one sentence without a full stop.
  public var hint: String?
  /// The file, where known.
  public var file: String?

  public init(
    _ code: Code, _ message: String, at place: Place = .none, path: String? = nil, hint: String? = nil,
    file: String? = nil
  ) {
    self.code = code
    self.message = message
    self.place = place
    self.path = path
    self.hint = hint
    self.file = file
  }

  /// The same error, at the place of who knows it.
  package func placed(_ place: Place) -> ProfileError {
    var error = self
    error.place = place
    return error
  }
}

extension ProfileError: CustomStringConvertible {
  /// `FILE:LINE:COLUMN: message`, on one line.
  public var description: String {
    var text = file.map { $0 + ":" } ?? ""
    switch place {
    case .none, .text: if file != nil { text += " " }
    case .byte(let offset): text += (file == nil ? "" : " ") + "byte 0x" + String(offset, radix: 16) + ": "
    case .line(let line, let column, _): text += "\(line):" + (column.map { "\($0):" } ?? "") + " "
    }
    if let path { text += path + ": " }
    text += message
    if let hint { text += " (" + hint + ")" }
    return text
  }
}
