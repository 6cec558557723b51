internal import ProfileModel

/// Where outputs go, seen beside what is read and beside each other: a profile is often the only one of its moment, and what
/// replaces it by a slip of the hand is not to be had again.
package enum OutputPlaces {
  /// Looks at files by what they are, whatever their spelling, and through symbolic and hard links. Devices are let be:
  /// anything may go to `/dev/null`, and to a terminal.
  ///
  /// - Throws: where an output is one of the inputs, or two outputs have one place.
  package static func check(_ outputs: [Destination.Target], inputs: [ProfileInput]) throws(ProfileError) {
    var read: [FileID: ProfileInput] = [:]
    for input in inputs {
      if let status = status(of: input), status.kind == .regular, read[status.id] == nil { read[status.id] = input }
    }
    var places: [[UInt8]: Destination.Target] = [:]
    var files: [FileID: Destination.Target] = [:]
    for output in outputs {
      let (place, status) = OutputFile.place(of: output)
      if let status, let input = read[status.id] {
        // The shell has emptied it, which reading it tells.
        if output == .standardOutput, status.size == 0 { continue }
        throw lost(input, output)
      }
      var other = place.flatMap { places.updateValue(output, forKey: Array($0.utf8)) }
      if let status, status.kind != .device, status.kind != .directory {
        other = files.updateValue(output, forKey: status.id) ?? other
      }
      guard let other else { continue }
      let what = other == output ? "it is named twice" : "this is “\(Destination(other).name)”, too"
      throw ProfileError(
        .option, "two outputs go to one place: " + what, hint: "give each a name of its own",
        file: Destination(output).name)
    }
  }

  private static func status(of input: ProfileInput) -> FileStatus? {
    do throws(SystemError) {
      switch input {
      case .file(let path): return try System.status(path)
      case .standardInput: return try OpenFile.input.status()
      case .bytes: return nil
      }
    } catch {
      // What cannot be looked at is no file that could be lost; reading it says what is wrong.
      return nil
    }
  }

  private static func lost(_ input: ProfileInput, _ output: Destination.Target) -> ProfileError {
    let what =
      switch (output, input) {
      case (.standardOutput, .standardInput): "standard output is the file that standard input reads"
      case (.standardOutput, _): "standard output is “\(input.name)”"
      default: "this output is the input “\(input.name)”"
      }
    return ProfileError(
      .option, what + ", and nothing is written over what is read",
      hint: "name another file, and `mv` it over the input if that is meant", file: Destination(output).name)
  }
}

extension OutputFile {
  /// Where an output stands, or will, in the whole system, and what is there. Each nil where there is none: a pipe has no
  /// place, and a new file is nothing yet.
  fileprivate static func place(of output: Destination.Target) -> (String?, FileStatus?) {
    do throws(SystemError) {
      switch output {
      case .standardOutput: return ("/dev/stdout", try OpenFile.output.status())
      case .file(let path):
        if let open = descriptor(of: path) {
          return (open == 1 ? "/dev/stdout" : nil, try OpenFile.standard(open).status())
        }
        return (target(of: path), try System.status(path))
      }
    } catch {
      // It is to be made, or opening it says what is wrong with it.
      if case .file(let path) = output { return (target(of: path), nil) }
      return (nil, nil)
    }
  }
}
