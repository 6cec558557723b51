internal import ArgumentParser
internal import PprofKit

struct Formats: Verb {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "Every format: whether it is read and written, endings, what it cannot express.")

  @Flag(help: "One document of schema pprofconv-formats/1.")
  var json = false

  func run(_ context: Context) throws -> ExitStatus {
    let formats = Catalogue.formats
    if json { return context.terminal.print(JSONReports.formats(formats)) }
    let width = (formats.map(\.info.id.rawValue.count).max() ?? 0) + 2
    let endings = formats.map { $0.info.extensions.map { "." + $0 }.joined(separator: " ") }
    let endingsWidth = (endings.map(\.count).max() ?? 0) + 2
    var text = "FORMAT".padded(to: width) + "READS  WRITES  " + "ENDINGS".padded(to: endingsWidth) + "WHAT\n"
    for ((info, reads, writes), endings) in zip(formats, endings) {
      text +=
        info.id.rawValue.padded(to: width) + (reads ? "yes" : "no").padded(to: 7)
        + (writes ? "yes" : "no").padded(to: 8)
      text += endings.padded(to: endingsWidth) + info.summary + "\n"
    }
    for info in formats.map(\.info) where !info.cannotExpress.isEmpty {
      text += "\n\(info.id) cannot express:\n" + info.cannotExpress.map { "  \($0)\n" }.joined()
    }
    text += "\nWith --carry, text and debug1 hold all of it in a block at their end.\n"
    return context.terminal.print(text)
  }
}
