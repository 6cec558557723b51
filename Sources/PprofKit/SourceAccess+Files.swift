internal import ProfileReports

extension SourceAccess {
  /// The files of this machine. What is no regular file, or beyond 64 MiB, is no source.
  static var files: SourceAccess {
    var access = SourceAccess()
    access.workingDirectory = System.workingDirectory ?? "/"
    access.read = { path in
      do throws(SystemError) {
        // Looked at first: to open a FIFO waits for who writes to it.
        let status = try System.status(path)
        if status.kind == .directory { return .failure("is a directory") }
        if status.kind != .regular { return .failure("not a regular file") }
        if status.size > 64 << 20 { return .failure("file too large") }
        return .content(try OpenFile.reading(path).readFully(status.size))
      } catch {
        return .failure(error.words)
      }
    }
    return access
  }
}
