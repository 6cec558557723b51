import CFuzzer
import PprofKit

// fuzz --formats              the targets, a line each: every reader of the catalogue, and `input`
// fuzz FORMAT [OPTION|FOLDER]…  runs one of them, with libFuzzer's own options

if CommandLine.arguments.dropFirst() == ["--formats"] {
  for target in Target.all { print(target.name) }
} else if CommandLine.arguments.count > 1, let target = Target.all.first(where: { $0.name == CommandLine.arguments[1] })
{
  Target.current = target
  // libFuzzer shall not see the name.
  var count = CommandLine.argc - 1
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
  arguments?[0] = CommandLine.unsafeArgv[0]
  _ = LLVMFuzzerRunDriver(&count, &arguments) { bytes, size in
    Target.current?.run(Array(UnsafeBufferPointer(start: bytes, count: size)))
    return 0
  }
} else {
  fatalError("usage: fuzz FORMAT [OPTION|FOLDER]…; fuzz --formats lists the formats")
}
