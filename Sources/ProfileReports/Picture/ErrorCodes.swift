internal import ProfileModel

extension ProfileError.Code {
  /// The public name of this code is PprofKit's, which stands above the reports.
  static var option: Self { Self(rawValue: "option") }
}
