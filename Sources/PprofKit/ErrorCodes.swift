public import ProfileModel

extension ProfileError.Code {
  /// What the process may take is not enough; see ``InputOptions/maxMemory`` and ``Batch/maxMemory``.
  public static let memory = ProfileError.Code(rawValue: "memory")
  /// Nobody reads an output any more, as after `| head`.
  public static let closedPipe = ProfileError.Code(rawValue: "closed-pipe")
}
