// swift-tools-version: 6.2
import PackageDescription

// Arrows run one way: ProfileModel → ProfileAnalysis → ProfileFormats and ProfileReports → PprofKit → pprofconv; Gzip and
// ProtobufWire know no profiles and serve the formats. A later target may import an earlier one, never the reverse. (Formats
// need Analysis for `raw` alone, which prunes and merges as pprof does before it prints.) See README.md, "How it is built".

let strict: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
  ] + (Context.environment["PPROFCONV_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])
let libdeflate: [SwiftSetting] = [.define("LIBDEFLATE", .when(traits: ["libdeflate"]))]
let re2: [SwiftSetting] = [.define("RE2", .when(traits: ["re2"]))]

let package = Package(
  name: "pprofconv",
  products: [
    .library(name: "PprofKit", targets: ["PprofKit"]),
    .executable(name: "pprofconv", targets: ["pprofconv"]),
  ],
  traits: [
    .default(enabledTraits: ["libdeflate", "re2"]),
    .trait(name: "libdeflate", description: "Use libdeflate for whole buffers; without it zlib does everything."),
    .trait(name: "re2", description: "Use RE2 for regular expressions; without it filters with patterns are refused."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // The functions that zlib.h hides in macros. The archives are linked, so that the binary runs where neither is installed.
    .target(name: "CZlibShims", linkerSettings: [.linkedLibrary(":libz.a", .when(platforms: [.linux]))]),
    .systemLibrary(name: "CDeflate"),
    // mallopt(3), pipe2(2) and syncfs(2), which Swift's Glibc module leaves out.
    .systemLibrary(name: "CLinux"),
    .target(
      name: "Gzip",
      dependencies: ["CZlibShims", .target(name: "CDeflate", condition: .when(traits: ["libdeflate"]))],
      swiftSettings: strict + libdeflate,
      linkerSettings: [
        .linkedLibrary(":libdeflate.a", .when(platforms: [.linux], traits: ["libdeflate"]))
      ]),
    .systemLibrary(name: "CNettle"),
    .target(
      name: "ContentHash", dependencies: ["CNettle"], swiftSettings: strict,
      linkerSettings: [.linkedLibrary(":libnettle.a", .when(platforms: [.linux]))]),
    // An instruction that Swift has no name for.
    .systemLibrary(name: "CPrefetch"),
    .target(name: "ProtobufWire", swiftSettings: strict),
    .target(name: "ProfileModel", dependencies: ["CPrefetch"], swiftSettings: strict),
    // The little of RE2 that is used, in C: Swift need not be told that it is C++.
    // (Archives are searched once, in order: what RE2 needs of the C++ library must stand behind it.)
    .target(
      name: "CRE2",
      linkerSettings: [
        .linkedLibrary(":libre2.a", .when(platforms: [.linux], traits: ["re2"])),
        .linkedLibrary("stdc++", .when(platforms: [.linux], traits: ["re2"])),
      ]),
    .target(
      name: "RegularExpressions",
      dependencies: ["ProfileModel", .target(name: "CRE2", condition: .when(traits: ["re2"]))],
      swiftSettings: strict + re2),
    .target(
      name: "ProfileFormats", dependencies: ["Gzip", "ProtobufWire", "ProfileModel", "ProfileAnalysis"],
      exclude: ["JSON/profile.schema.json"], swiftSettings: strict),
    .target(
      name: "ProfileAnalysis", dependencies: ["ProfileModel", "RegularExpressions"], swiftSettings: strict + re2),
    // Scripts and styles of pictures, compiled in as bytes.
    .target(
      name: "PictureAssets",
      resources: ["shared.js", "flamegraph.js", "flamegraph.css"].map { .embedInCode($0) }
        + ["page.css", "page-data.js", "page-tree.js", "page-graph.js", "page-table.js", "page.js"]
        .map { .embedInCode($0) },
      swiftSettings: strict),
    .target(
      name: "ProfileReports", dependencies: ["ContentHash", "PictureAssets", "ProfileModel", "ProfileAnalysis"],
      swiftSettings: strict),
    .target(
      name: "PprofKit",
      dependencies: [
        "Gzip", "ContentHash", "ProfileModel", "RegularExpressions", "ProfileFormats", "ProfileAnalysis",
        "ProfileReports",
        .target(name: "CLinux", condition: .when(platforms: [.linux])),
      ],
      exclude: ["Batch/batch.schema.json"],
      swiftSettings: strict),
    .executableTarget(
      name: "pprofconv",
      dependencies: ["PprofKit", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      exclude: ["Documentation"],
      swiftSettings: strict),

    // Tests. protobuf-c is the codec that we did not write; CProfileProto is what protoc-c makes of Proto/profile.proto.
    .systemLibrary(name: "CProtobufC", path: "Tests/CProtobufC"),
    .target(
      name: "CProfileProto", dependencies: ["CProtobufC"], path: "Tests/CProfileProto",
      linkerSettings: [.linkedLibrary("protobuf-c")]),
    .target(
      name: "TestSupport",
      dependencies: ["ProfileModel", "ProfileFormats", "ProtobufWire", "Gzip", "CProfileProto", "CProtobufC"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "GzipTests", dependencies: ["Gzip", "CZlibShims", "TestSupport"], swiftSettings: strict + libdeflate),
    .testTarget(name: "ContentHashTests", dependencies: ["ContentHash", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ProtobufWireTests", dependencies: ["ProtobufWire", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ProfileModelTests", dependencies: ["ProfileModel", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ProfileFormatsTests",
      dependencies: ["ProfileFormats", "ProfileModel", "ProfileAnalysis", "ProtobufWire", "Gzip", "TestSupport"],
      swiftSettings: strict + re2),
    .testTarget(
      name: "RegularExpressionsTests", dependencies: ["RegularExpressions", "ProfileModel", "TestSupport"],
      swiftSettings: strict + re2),
    .testTarget(
      name: "ProfileAnalysisTests", dependencies: ["ProfileAnalysis", "ProfileModel", "ProfileFormats", "TestSupport"],
      swiftSettings: strict + re2),
    .testTarget(
      name: "PprofKitTests", dependencies: ["PprofKit", "ProfileFormats", "ProfileModel", "Gzip", "TestSupport"],
      swiftSettings: strict + re2),
    .testTarget(name: "EndToEndTests", dependencies: ["pprofconv", "TestSupport"], swiftSettings: strict + re2),
    .testTarget(name: "ClientProbeTests", dependencies: ["PprofKit"]),
  ],
  swiftLanguageModes: [.v6]
)
