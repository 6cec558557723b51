import Foundation
import TestSupport
import Testing

/// What must hold of the sources, whoever adds to them.
@Suite struct HouseTests {
  static let libraries = [
    "CZlibShims", "Gzip", "ContentHash", "ProtobufWire", "ProfileModel", "RegularExpressions", "ProfileFormats",
    "ProfileAnalysis", "PictureAssets", "ProfileReports", "PprofKit",
  ]

  private func sources(_ target: String) throws -> [(name: String, text: String)] {
    let folder = Repository.root.appending(path: "Sources").appending(path: target)
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    return try names.sorted().map {
      ("\(target)/\($0)", try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
    }
  }

  private func imports(_ text: String) -> [String] {
    text.matches(
      of: /(?m)^\s*(?:@[A-Za-z_]+ )*(?:public |package |internal |private )?import (?:struct |enum |func )?([A-Za-z_]+)/
    )
    .map { String($0.1) }
  }

  @Test(arguments: libraries) func noLibraryNeedsFoundation(_ target: String) throws {
    // Compressing and reading ahead have threads of their own, and long heap texts one that helps; all else has none.
    for (name, text) in try sources(target) {
      let mayThread = ["Gzip", "PprofKit"].contains(target) || name.hasSuffix("/HeapTextHelper.swift")
      #expect(!imports(text).contains { $0.hasPrefix("Foundation") || $0 == "Dispatch" && !mayThread }, "\(name)")
    }
  }

  @Test func theArrowsRunOneWay() throws {
    let allowed: [String: Set<String>] = [
      "Gzip": [], "ContentHash": [], "ProtobufWire": [], "ProfileModel": [],
      "RegularExpressions": ["ProfileModel"], "ProfileAnalysis": ["ProfileModel", "RegularExpressions"],
      "ProfileFormats": ["Gzip", "ProtobufWire", "ProfileModel", "ProfileAnalysis"],
      "PictureAssets": [], "ProfileReports": ["ProfileModel", "ProfileAnalysis", "ContentHash", "PictureAssets"],
      "PprofKit": [
        "Gzip", "ContentHash", "ProfileModel", "RegularExpressions", "ProfileFormats", "ProfileAnalysis",
        "ProfileReports",
      ],
      "pprofconv": ["PprofKit"],
    ]
    var seen = 0
    for (target, mayImport) in allowed {
      for (name, text) in try sources(target) {
        seen += 1
        let ours = Set(imports(text)).intersection(Self.libraries.filter { !$0.hasPrefix("C") })
        #expect(ours.isSubset(of: mayImport), "\(name) imports \(ours.subtracting(mayImport))")
      }
    }
    #expect(seen > 50)
  }

  @Test(arguments: libraries) func noHintOfALibraryNamesOurFlags(_ target: String) throws {
    let ours = /--(from|to|no-carry|carry|strict|group|recover|sample-type|mutex-|hidden-|max-)/
    for (name, text) in try sources(target) {
      for line in text.split(separator: "\n") where line.contains("hint:") {
        #expect(!line.contains(ours), "\(name): \(line)")
      }
    }
  }

  @Test func unsafeStandsWhereItMay() throws {
    var files: Set<String> = []
    for target in Self.libraries + ["pprofconv"] where !["Gzip", "ContentHash", "RegularExpressions"].contains(target) {
      for (name, text) in try sources(target) {
        let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        if code.contains(where: { $0.contains(/\bunsafe\b|@unsafe|@safe\b/) }) { files.insert(name) }
      }
    }
    // The files of system calls, and the address that a prefetch takes.
    #expect(files.remove("ProfileModel/Prefetch.swift") != nil)
    #expect(files.contains("PprofKit/System.swift"))
    #expect(files.allSatisfy { $0.hasPrefix("PprofKit/System") } && files.count <= 6)
  }

  @Test(arguments: libraries + ["pprofconv"]) func nothingPrintsTrapsOrIsLeftForLater(_ target: String) throws {
    let banned = /\b(fatalError|preconditionFailure|try!|as!|FIXME|TODO|XXX)/
    let files = try sources(target)
    // A target may have a `print` of its own, which is not Swift's.
    let hasOwnPrint = files.contains { $0.text.contains("func print(") }
    for (name, text) in files {
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
        if !hasOwnPrint { #expect(!line.contains(/\b(debugP|p)rint\(/), "\(name):\(number + 1): \(line)") }
        #expect(!line.contains(banned), "\(name):\(number + 1): \(line)")
      }
    }
  }
}
