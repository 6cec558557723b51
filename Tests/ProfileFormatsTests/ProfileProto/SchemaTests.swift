import Foundation
import TestSupport
import Testing

@testable import ProfileFormats

/// `Proto/profile.proto`, what protoc-c makes of it, and our own table say the same.
struct SchemaTests {
  /// Lines that depend on protoc-c's version alone.
  private func comparable(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter {
      !$0.hasPrefix("#if PROTOBUF_C_VERSION_NUMBER") && !$0.hasPrefix("#elif") && !$0.hasPrefix("/* Generated")
    }
  }

  @Test func `The code of protoc-c is that of Proto/profile.proto`() throws {
    let folder = try TemporaryFolder()
    let result = try Subprocess.run(
      URL(filePath: "/usr/bin/env"),
      [
        "protoc-c", "--proto_path=" + Repository.root.appending(path: "Proto").path, "--c_out=" + folder.url.path,
        "profile.proto",
      ])
    try #require(result.status == 0, "protoc-c (package protobuf-c-compiler): \(result.errors)")
    for (made, committed) in [("profile.pb-c.c", "profile.pb-c.c"), ("profile.pb-c.h", "include/profile.pb-c.h")] {
      let new = try String(contentsOf: folder.file(made), encoding: .utf8)
      let old = try String(
        contentsOf: Repository.root.appending(path: "Tests/CProfileProto").appending(path: committed), encoding: .utf8)
      #expect(comparable(new) == comparable(old), "\(made): run protoc-c again")
    }
  }

  @Test func `Our table of fields is protobuf-c's`() {
    let messages: [String: ProtoSchema.Message] = [
      "Profile": .profile, "ValueType": .valueType, "Sample": .sample, "Label": .label, "Mapping": .mapping,
      "Location": .location, "Line": .line, "Function": .function,
    ]
    let theirs = ProtobufC.fields
    #expect(Set(theirs.keys) == Set(messages.keys))
    for (name, message) in messages {
      let fields = theirs[name] ?? []
      let ours = (1...UInt64(fields.count)).compactMap { number in
        ProtoSchema.field(number, of: message).map {
          ProtobufC.Field(number: number, name: $0.name, isRepeated: $0.isRepeated, isDelimited: $0.isDelimited)
        }
      }
      #expect(ours == fields, "\(name)")
      #expect(ProtoSchema.field(UInt64(fields.count) + 1, of: message) == nil)
      #expect(ProtoSchema.field(0, of: message) == nil)
    }
  }
}
