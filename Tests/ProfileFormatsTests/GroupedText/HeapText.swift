import Foundation
import Gzip
import ProfileAnalysis
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// A heap text read by splitting lines: no code of ours.
struct HeapText {
  struct Record {
    var values: [Int64]
    var pcs: [UInt64]
    var sizes = ""
    /// The pcs of the frame comments.
    var named: [UInt64] = []
  }

  var lines: [String]
  var records: [Record] = []

  init(_ text: String) {
    lines = text.components(separatedBy: "\n")
    for line in lines {
      let halves = line.components(separatedBy: "] @")
      if halves.count == 2, let first = line.first, first.isNumber || first == "-" {
        let numbers = halves[0].split { ": [".contains($0) }.compactMap { Int64($0) }
        let pcs = halves[1].split(separator: " ").compactMap { UInt64($0.dropFirst(2), radix: 16) }
        records.append(Record(values: numbers, pcs: pcs))
      } else if line.hasPrefix("#\t0x"), !records.isEmpty {
        let cells = line.split(separator: "\t")
        if cells.count > 2, let pc = UInt64(cells[1].dropFirst(2), radix: 16) {
          records[records.count - 1].named.append(pc)
        }
      } else if line.hasSuffix("B]"), line.dropFirst(2).first.map({ $0.isNumber || $0 == "-" }) == true {
        records[records.count - 1].sizes = line
      }
    }
  }
}

/// One process, written in four ways.
struct HeapPair: Sendable, CustomTestStringConvertible {
  var name: String
  var testDescription: String { name }

  static let withBpprof = ["go1.19-rate8192", "go1.27-default"].map(HeapPair.init)
  static let all = withBpprof + ["go1.19-rate1", "go1.27-rate1"].map(HeapPair.init)

  func file(_ name: String) -> URL { Fixture.file("text/pairs/\(self.name)/\(name)") }
  func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }

  func protobuf() throws -> Profile {
    var diagnostics = Diagnostics()
    let inflated = try Gzip.inflate(Array(try Data(contentsOf: file("heap.pb.gz"))), maximumSize: 1 << 30)
    return try ProfileProto.decode(inflated, diagnostics: &diagnostics)
  }
}

/// What `text` is: grouped by stack, in the order of `inuse_space` or another sample type.
func groupedText(_ profile: Profile, grouping: Grouping = .stack, sort: String? = nil) throws -> (String, LossReport) {
  var result = try profile.grouped(by: grouping, sampledValues: HeapSampling.sampledValues(of: profile))
  let order = try sort.map { try SampleTypeSelection.index(of: $0, in: profile) }
  if let order = order ?? SampleTypeSelection.defaultIndex(in: profile) {
    result = try result.profile.sorted(by: order, sampledValues: result.sampledValues)
  }
  return try written(result.profile, sampledValues: result.sampledValues)
}

func written(_ profile: Profile, sampledValues: [Int64]? = nil) throws -> (String, LossReport) {
  var sink = ByteSink()
  var options = WriteOptions()
  options.sampledValues = sampledValues
  let losses = try GroupedTextWriter().write(profile, to: &sink, options: options)
  return (String(decoding: sink.buffer, as: UTF8.self), losses)
}
