import Foundation
import ProfileFormats
import ProfileModel
import TestSupport

/// What every writer says that it loses of what every reader reads: `Sources/pprofconv/Documentation/losses.md`.
///
/// The sources of a format are its fixtures and, where it is written too, profiles of several kinds that have everything.
/// Rows and sections come from the catalogue.
struct LossTable {
  private struct Source {
    var id: String
    var profiles: [Profile]
  }

  private let sources: [Source]

  /// Made once for all tests.
  static let page = Result { try LossTable().page }

  init() throws {
    sources = try Catalogue.readers.map { reader in
      let id = reader.info.id.rawValue
      var profiles = try Self.fixtures(id).map { try Self.read(try inflated($0), reader) }
      for kind in EverythingProfile.Kind.allCases {
        let everything = try EverythingProfile.make(kind)
        if reader.info.isProto { profiles.append(everything) }
        for writer in Catalogue.writers where writer.info.id == reader.info.id && !reader.info.isProto {
          guard let (bytes, _) = Self.written(everything, writer, carry: nil) else { continue }
          profiles.append(try Self.read(bytes, reader))
        }
      }
      return Source(id: id, profiles: profiles)
    }
  }

  private static func fixtures(_ id: String) throws -> [Fixture] {
    let folder = Fixture.file(id + "/valid").path
    return FileManager.default.fileExists(atPath: folder) ? try Fixture.all(id + "/valid") : []
  }

  private static func read(_ bytes: [UInt8], _ reader: any ProfileReader) throws -> Profile {
    var source = ByteSource(bytes)
    var diagnostics = Diagnostics()
    return try reader.read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  }

  /// nil where the format does not hold such a profile.
  private static func written(_ profile: Profile, _ writer: any ProfileWriter, carry: Bool?) -> ([UInt8], LossReport)? {
    var options = WriteOptions()
    options.carry = carry
    options.sampledValues = HeapSampling.sampledValues(of: profile)
    var sink = ByteSink()
    do throws(ProfileError) {
      let losses = try writer.write(profile, to: &sink, options: options)
      return (sink.buffer, losses)
    } catch {
      return nil
    }
  }

  /// The fields that a writer loses of a source, or why there are none.
  private func cell(_ source: Source, _ writer: any ProfileWriter, carry: Bool?) -> String {
    var fields: Set<String> = []
    var refused = 0
    for profile in source.profiles {
      if let (_, losses) = Self.written(profile, writer, carry: carry) {
        fields.formUnion(losses.entries.map(\.field))
      } else {
        refused += 1
      }
    }
    if refused == source.profiles.count { return "not written" }
    let lost = fields.isEmpty ? "nothing" : fields.sorted().joined(separator: ", ")
    return lost + (refused > 0 ? "; some kinds are not written" : "")
  }

  /// The rows of a section; formats that lose the same share one.
  private func rows(_ writer: any ProfileWriter, carry: Bool?) -> [(from: [String], lost: String)] {
    var rows: [(from: [String], lost: String)] = []
    for source in sources where !source.profiles.isEmpty {
      let lost = cell(source, writer, carry: carry)
      if let at = rows.firstIndex(where: { $0.lost == lost }) {
        rows[at].from.append(source.id)
      } else {
        rows.append(([source.id], lost))
      }
    }
    return rows
  }

  private var page: String {
    var page = """
      <!-- Made by the test theLossTableIsCurrent; UPDATE_GOLDENS=1 makes it again. -->
      # What is lost between formats

      For every format that is read, what every format that is written says it cannot express of it. These are the writers'
      own reports, over profiles that have everything and over the fixtures of each format: a real file has less, and loses
      less. `--strict` refuses what stands here; without it each loss is a warning. “not written” is a refusal.

      What reading itself cannot keep, since no profile has a place for it, is a warning too and not in these tables. Grouped
      text also makes one sample of those that share a stack, unless `--group none` is given.

      """
    for writer in Catalogue.writers {
      let plain = rows(writer, carry: nil)
      page += "\n## To \(writer.info.id)\n" + Self.table(plain)
      for (carry, flag) in [(true, "--carry"), (false, "--no-carry")] {
        let other = rows(writer, carry: carry)
        if other.map(\.lost) != plain.map(\.lost) || other.map(\.from) != plain.map(\.from) {
          page += "\n### To \(writer.info.id) with `\(flag)`\n" + Self.table(other)
        }
      }
    }
    return page
  }

  private static func table(_ rows: [(from: [String], lost: String)]) -> String {
    let cells = rows.map { "| \($0.from.map { "`\($0)`" }.joined(separator: ", ")) | \($0.lost) |\n" }
    return "\n| from | lost |\n| --- | --- |\n" + cells.joined()
  }
}
