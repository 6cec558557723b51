// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that no user of the library builds it, nor fetches SwiftProtobuf.

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "pprofconv", path: "../.."),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
  ],
  targets: [
    .target(name: "Support"),
    // Writes the profiles.
    .executableTarget(name: "generate", dependencies: ["Support"]),
    // Times whole processes: ours and pprof's.
    .executableTarget(name: "compare", dependencies: ["Support"]),
    // Times codecs in one process: ours, protobuf-c and SwiftProtobuf.
    .executableTarget(
      name: "codecs",
      dependencies: [
        "CProfileProto", "Support",
        .product(name: "PprofKit", package: "pprofconv"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    // Both are folders of the root package, reached by a link.
    .systemLibrary(name: "CProtobufC"),
    .target(name: "CProfileProto", dependencies: ["CProtobufC"], linkerSettings: [.linkedLibrary("protobuf-c")]),
  ],
  swiftLanguageModes: [.v6]
)
