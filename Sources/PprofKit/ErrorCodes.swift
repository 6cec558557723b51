public import ProfileModel

extension ProfileError.Code {
  /// Nobody reads an output any more, as after `| head`.
  public static let closedPipe = ProfileError.Code(rawValue: "closed-pipe")
}
