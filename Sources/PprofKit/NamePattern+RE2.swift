public import ProfileModel
public import ProfileReports
internal import RegularExpressions

extension NamePattern {
  /// A regular expression of RE2, which matches anywhere in a name.
  ///
  /// - Throws: ``ProfileError`` with code `option` and the place in the pattern.
  public init(expression text: String) throws(ProfileError) {
    let expression = try RegularExpression(text, name: "pattern")
    self.init(text) { expression.matches($0) }
  }
}
