public import ProfileModel

extension ProfileError.Code {
  /// An option that does not fit: an unknown format, a sample type that the profile does not have.
  public static let option = ProfileError.Code(rawValue: "option")
  /// Nobody reads an output any more, as after `| head`.
  public static let closedPipe = ProfileError.Code(rawValue: "closed-pipe")
}
