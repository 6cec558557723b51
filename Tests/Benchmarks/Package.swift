// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that no user of the library builds it, nor fetches what it compares with.

let package = Package(
  name: "Benchmarks",
  targets: [
    .target(name: "Support"),
    // Writes the profiles.
    .executableTarget(name: "generate", dependencies: ["Support"]),
    // Times whole processes: ours and pprof's.
    .executableTarget(name: "compare", dependencies: ["Support"]),
  ],
  swiftLanguageModes: [.v6]
)
