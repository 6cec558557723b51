internal import ProfileFormats
internal import ProfileModel
internal import ProfileReports

/// The graph of a profile as a picture, which Graphviz's `dot` makes of its text.
enum GraphPicture {
  /// What `dot` is asked for, by the ending of a file; text where none is.
  static let endings = ["svg", "png", "pdf", "ps", "gif", "jpg", "webp"]

  static func draw(_ text: [UInt8], as ending: String) throws(ProfileError) -> [UInt8] {
    let drawn: (output: [UInt8], code: Int32)
    do throws(SystemError) {
      let child = try ChildProcess(["dot", "-T" + ending], capturesOutput: true)
      // Who refuses to read says why at the end.
      do throws(SystemError) { try child.write(text) } catch  where error == .brokenPipe {}
      drawn = try child.finish()
    } catch  where error == .noEntry {
      throw ProfileError(
        .unwritable, "to draw the graph takes Graphviz, whose `dot` is not installed",
        hint: "install the package graphviz, or write x.dot and draw it elsewhere")
    } catch {
      throw ProfileError(.unwritable, "cannot run Graphviz's dot: \(error.words)")
    }
    if drawn.code != 0 || drawn.output.isEmpty {
      throw ProfileError(
        .unwritable, "Graphviz's dot could not draw the graph (exit code \(drawn.code))",
        hint: "write x.dot to see the text that it was given")
    }
    return drawn.output
  }
}
