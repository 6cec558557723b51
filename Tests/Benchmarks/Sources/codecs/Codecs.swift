import CProfileProto
import ProfileFormats
import ProfileModel
import SwiftProtobuf

// profile.pb.swift is what SwiftProtobuf's own generator makes of Proto/profile.proto. To make it again, in Tests/Benchmarks
// and with protoc (Debian: protobuf-compiler):
//
//     swift build -c release --product protoc-gen-swift
//     protoc -I ../../Proto --plugin=.build/release/protoc-gen-swift --swift_out=Sources/codecs profile.proto

/// Seconds that each step took.
struct Timing {
  var decode: Double
  var encode: Double
  /// What came out, bytes; a codec that forgets fields is quick.
  var size: Int
}

struct Unreadable: Error {}

/// A codec under test: raw profile.proto to its objects and back, and its objects freed.
protocol Codec {
  static var name: String { get }
  static func time(_ bytes: [UInt8]) throws -> Timing
}

enum Ours: Codec {
  static let name = "pprofconv"

  static func time(_ bytes: [UInt8]) throws -> Timing {
    var diagnostics = Diagnostics()
    var size = 0
    let start = ContinuousClock.now
    var encoding = Duration.zero
    do {
      let profile = try ProfileProto.decode(bytes.span, diagnostics: &diagnostics)
      encoding = ContinuousClock().measure { size = ProfileProto.encode(profile).count }
    }
    return Timing(decode: seconds(ContinuousClock.now - start - encoding), encode: seconds(encoding), size: size)
  }
}

enum ProtobufC: Codec {
  static let name = "protobuf-c"

  static func time(_ bytes: [UInt8]) throws -> Timing {
    let start = ContinuousClock.now
    guard let profile = perftools__profiles__profile__unpack(nil, bytes.count, bytes) else { throw Unreadable() }
    var size = 0
    let encoding = ContinuousClock().measure {
      // As protobuf-c is used: sized first, then packed into memory that need not be cleared.
      let count = perftools__profiles__profile__get_packed_size(profile)
      let packed = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = perftools__profiles__profile__pack(profile, buffer.baseAddress)
      }
      size = packed.count
    }
    perftools__profiles__profile__free_unpacked(profile, nil)
    return Timing(decode: seconds(ContinuousClock.now - start - encoding), encode: seconds(encoding), size: size)
  }
}

enum SwiftProtobufCodec: Codec {
  static let name = "SwiftProtobuf"

  static func time(_ bytes: [UInt8]) throws -> Timing {
    var size = 0
    let start = ContinuousClock.now
    var encoding = Duration.zero
    do {
      let profile = try Perftools_Profiles_Profile(serializedBytes: bytes)
      let clock = ContinuousClock.now
      let written: [UInt8] = try profile.serializedBytes()
      encoding = ContinuousClock.now - clock
      size = written.count
    }
    return Timing(decode: seconds(ContinuousClock.now - start - encoding), encode: seconds(encoding), size: size)
  }
}

func seconds(_ duration: Duration) -> Double {
  let parts = duration.components
  return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
}
