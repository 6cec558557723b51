// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that no user of the library builds it. `make fuzz` asks for the sanitizers, without which it does
// not link.

let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "pprofconv", path: "../..")],
  targets: [
    // The one function of libFuzzer that is called from outside.
    .target(name: "CFuzzer"),
    .executableTarget(name: "fuzz", dependencies: ["CFuzzer", .product(name: "PprofKit", package: "pprofconv")]),
  ],
  swiftLanguageModes: [.v6]
)
