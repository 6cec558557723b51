public import ProfileModel

extension Batch {
  /// Finds the inputs and says where their outputs go. Reads directories, but no profile, and writes nothing.
  ///
  /// - Throws: where nothing was found, where two inputs have one output, where an output would stand over an input.
  public func plan() throws(ProfileError) -> BatchPlan {
    var items: [BatchPlan.Item] = []
    for input in inputs { try add(input, below: "", isNamed: true, to: &items) }
    if items.isEmpty { throw ProfileError(.option, "there is no input") }
    return BatchPlan(items: items)
  }

  private func add(_ path: String, below: String, isNamed: Bool, to items: inout [BatchPlan.Item]) throws(ProfileError)
  {
    do throws(SystemError) {
      let status = try System.status(path)
      let name = String(path.split(separator: "/").last ?? "")
      if status.kind != .directory {
        items.append(.init(path: path, size: status.size, isNamed: isNamed, place: below + name))
        return
      }
      for entry in try System.entries(of: path) {
        do throws(ProfileError) {
          try add(path + "/" + entry.name, below: isNamed ? "" : below + name + "/", isNamed: false, to: &items)
        } catch {
          throw SystemError.invalid
        }
      }
    } catch {
      throw ProfileError(.unreadable, "cannot read: " + error.words, file: path)
    }
  }
}
