internal import PprofKit

/// `[convert] INPUT [-o PATH] [--to FORMAT]`: what most command lines are. It is understood without ArgumentParser, which
/// takes a third of a small conversion's time to be told of the options. Whatever else is there, and all that looks odd, is
/// left to it: it has the words for that.
struct PlainConversion {
  private(set) var input = ""
  private(set) var output: Destination?
  private(set) var format: FormatID?

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    if rest.first == "convert" { rest.removeFirst() }
    while let word = rest.popFirst() {
      switch word {
      case "-o":
        guard output == nil, let path = Self.value(&rest) else { return nil }
        output = Destination(argument: path)
        if output?.target == .file("") || Spelling.isMistaken(path) { return nil }
      case "--to":
        guard format == nil, let name = Self.value(&rest) else { return nil }
        format = FormatID(name)
      default:
        // Neither an option, nor perhaps a verb.
        guard input.isEmpty, word.utf8.first != UInt8(ascii: "-"), word.utf8.contains(UInt8(ascii: ".")) else {
          return nil
        }
        input = word
      }
    }
    if input.isEmpty { return nil }
  }

  private static func value(_ rest: inout ArraySlice<String>) -> String? {
    guard let value = rest.popFirst(), let first = value.utf8.first, first != UInt8(ascii: "-") else { return nil }
    return value
  }

  func run(_ context: Context) throws -> ExitStatus {
    var conversion = Conversion(try Inputs.input(input), to: [output ?? Destination(.standardOutput)])
    conversion.options.format = format
    var run = ConversionRun(conversion)
    run.askedFormat = format
    return try run.run(context)
  }
}
