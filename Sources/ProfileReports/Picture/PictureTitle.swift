internal import ProfileModel

/// What stands over a picture where nobody said it.
enum PictureTitle {
  /// The kind of the profile and the program that it is of: `heap of server`.
  static func of(_ profile: Profile, _ options: PictureOptions) -> String {
    // An empty one names nothing to who hears it.
    if let title = options.title, !title.allSatisfy(\.isWhitespace) { return ShownText.name(title) }
    let kind = ProfileKind.name(of: profile)
    guard let binary = profile.columns.mappings.first.map({ profile.string($0.file) }), !binary.isEmpty,
      let name = binary.split(separator: "/").last, !name.hasPrefix("[")
    else { return ShownText.name(kind) }
    return ShownText.name("\(kind) of \(name)")
  }
}
