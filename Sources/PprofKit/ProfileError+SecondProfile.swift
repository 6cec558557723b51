internal import ProfileFormats
internal import ProfileModel

extension ProfileError {
  /// What a reader says of the first line of another kind of profile, which is none of its records, in better words.
  var namingSecondProfile: ProfileError {
    // A reader that says what to do knows better: a heap's header may be late because of comments before it.
    guard code == .malformed, hint == nil, case .line(let number, let column, let text?) = place, number > 1,
      column ?? 1 == 1, Self.isFirstLine(text)
    else { return self }
    var error = self
    error.message = "a second profile begins here: two files were joined into one"
    error.hint = "convert them one by one, or make one of the files with `pprofconv merge`"
    error.path = nil
    return error
  }

  private static func isFirstLine(_ text: String) -> Bool {
    // The first line of raw and of JSON alone makes nobody certain.
    if text == "{" || ["PeriodType: ", "Comment: ", "Doc: "].contains(where: text.hasPrefix) { return true }
    let line = Array((text + "\n").utf8)
    return Catalogue.readers.contains { $0.detect(line.span, isWhole: true) == .certain }
  }
}
