internal import ProfileAnalysis
internal import ProfileModel

extension ProfileFilter {
  /// What `pprof -proto` does with a file: loads it, which drops frames, and filters it.
  ///
  /// - Returns: the profile, and what should be said, a sentence each.
  func applyAsPprof(to profile: Profile) throws(ProfileError) -> (profile: Profile, messages: [String]) {
    let loaded = try profile.asLoadedByPprof()
    var messages = notes
    let dropped = profile.columns.stackLocations.count - loaded.columns.stackLocations.count
    if dropped > 0 {
      messages.append("\(dropped) frames that the profile's drop_frames names are gone: pprof filters what is left")
    }
    if options.tagFocus.isEmpty == false || options.tagIgnore.isEmpty == false {
      messages += LabelUnits(loaded.columns).warnings
    }
    let result = try apply(to: loaded)
    return (result.profile, messages + result.warnings)
  }
}
