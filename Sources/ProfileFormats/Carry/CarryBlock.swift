import Gzip
import ProfileModel

/// The carry-through block: what a text of Go's or ours cannot say of a profile, in comment lines at its end that pprof ignores.
/// Text and block together give back the whole profile, to the byte of its profile.proto.
///
/// # Form
///
///     # pprofconv 1 crc32=9be3ff6c
///     # pprofconv time 1700000000000000000
///     # pprofconv mapping-flags 1
///     # pprofconv start-lines 88 12 7*3 =*20 140
///     # pprofconv end crc32=5a02d1c7
///
/// Every line begins with `# pprofconv `. The first has the version and the CRC-32 of all bytes before it (with LF ends):
/// where that fails, the text was edited, and the text wins. The last has the CRC-32 of the lines between, each without
/// its `# pprofconv ` and with its LF. Lines in between have a section's name and data; lines of one section follow each
/// other and are one list, broken between two items. Sections come in the order below. What has its default is not
/// written, and a section that says nothing is left out.
///
/// *Numbers* are decimal, perhaps negative, or hex behind `0x`. *Columns* have a number for each entry of a table, in its
/// order: `7*30` is 7 thirty times, `1..5` is 1 2 3 4 5, `=` is the default (`=*30` thirty of them); behind the last item
/// all have the default. Entries of tables are numbered from 1.
///
/// *Strings* stand in double quotes, with `\"`, `\\`, `\n`, `\t`, `\r`, and `\x1f` for other bytes that cannot be printed or
/// are not UTF-8; a string that ends in `+` goes on in the next item. `$3` is the third nonempty quoted string of the
/// block, `n3` and `f3` are name and file of the third function of the text.
///
/// # What the text gives
///
/// The *locations of the text* are its pcs in the order in which they first stand in record lines, each with the lines of its
/// frame comments and the address pc − 1 (or what grouped text says it is). The *functions of the text* are the distinct pairs of name and file in those lines,
/// in the same order. A sample of the text is a record, with the values, the stack and the labels that follow from it: a
/// heap record has the label `bytes`, all others those of their `# labels:` line.
///
/// # Sections
///
/// | section | data | default |
/// | --- | --- | --- |
/// | `time`, `duration`, `period` | number | 0, 0, what the header says |
/// | `period-type` | two strings | of a heap `"space" "bytes"`, else what the text says |
/// | `default-type`, `doc-url`, `drop-frames`, `keep-frames` | string | empty |
/// | `types` | of each sample type: type, unit, and which number of a record it is, 0 for none; of a heap's 1 alloc objects, 2 alloc bytes, 3 and 4 in use | of a heap Go's four, else those of the text |
/// | `comments` | strings, numbers of the text's comments, and `+` for those that a reader makes of its records (`# sampled …`); `-` for none | those of the text, without `+` |
/// | `mappings` | of each: start, limit, offset, file, build id | the lines of the text's memory map, as they stand |
/// | `mapping-offsets` | column | as in the map |
/// | `mapping-files`, `mapping-build-ids` | columns of strings | as in the map |
/// | `mapping-flags` | column: the sum of 1 functions, 2 file names, 4 line numbers, 8 inline frames | 0 |
/// | `mapping-ids` | column | 1…n |
/// | `extra-functions` | name and file of functions that the text does not name | there are none |
/// | `function-order` | for each function of the table, its number among the text's and then the extra functions | all, in that order |
/// | `function-names`, `function-files` | columns of strings | as in the text |
/// | `system-names` | column of strings | the name |
/// | `start-lines` | column | 0 |
/// | `function-ids` | column | 1…n |
/// | `extra-locations` | of each location that no record has: address, count of lines, and function and line of each | there are none |
/// | `location-order` | for each location of the table, its number among the text's and then the extra locations | in that order |
/// | `addresses` | column | as in the text |
/// | `location-mappings` | column, 0 for none | the first mapping that holds the address |
/// | `folded` | column of 0 and 1 | 0 |
/// | `location-ids` | column | 1…n |
/// | `line-functions`, `line-numbers` | columns over the lines of all locations | as in the text |
/// | `line-columns` | column over the same | 0 |
/// | `sample-order` | for each sample, the number of its record | in the order of the records |
/// | `tails` | of each sample whose stack does not fit in a line: its number, a count, and the locations that follow | there are none |
/// | `values` | number of a sample type, column over the samples, `;` | as in the text, or 0 |
/// | `label-sets` | sets, in each the labels with a comma between: `KEY`, then `="string"`, then `:number`, then `:"unit"`, each only where it is; `-` for an empty set | there are none |
/// | `sample-labels` | column: number of a set, 0 for no labels | as in the text |
/// | `unknown` | fields that profile.proto does not have: owner, its number unless there is only one, bytes in hex | there are none |
/// | `string-table` | only with unknown fields: strings, and numbers of the strings in use, in the order of first use | order of first use |
/// | `string-refs` | only then, column over all uses of strings: number of the string | the first with these bytes |
enum CarryBlock {
  static let version = 1
  /// Begins every line.
  static let prefix = "# pprofconv "

  enum Section: String, CaseIterable {
    case time, duration, period
    case periodType = "period-type"
    case defaultType = "default-type"
    case docURL = "doc-url"
    case dropFrames = "drop-frames"
    case keepFrames = "keep-frames"
    case types, comments, mappings
    case mappingOffsets = "mapping-offsets"
    case mappingFiles = "mapping-files"
    case mappingBuildIDs = "mapping-build-ids"
    case mappingFlags = "mapping-flags"
    case mappingIDs = "mapping-ids"
    case extraFunctions = "extra-functions"
    case functionOrder = "function-order"
    case functionNames = "function-names"
    case functionFiles = "function-files"
    case systemNames = "system-names"
    case startLines = "start-lines"
    case functionIDs = "function-ids"
    case extraLocations = "extra-locations"
    case locationOrder = "location-order"
    case addresses
    case locationMappings = "location-mappings"
    case folded
    case locationIDs = "location-ids"
    case lineFunctions = "line-functions"
    case lineNumbers = "line-numbers"
    case lineColumns = "line-columns"
    case sampleOrder = "sample-order"
    case tails, values
    case labelSets = "label-sets"
    case sampleLabels = "sample-labels"
    case unknown
    case stringTable = "string-table"
    case stringRefs = "string-refs"
  }

  /// Go's four sample types, which a reader of heap text gives: type, unit.
  static let heapTypes = [
    ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
  ]

  /// Whether a block may give so many samples so many types. A type that the text does not have costs a value a sample, and
  /// a block next to nothing: without a bound a small file would make a large profile.
  static func holds(types: Int, samples: Int) -> Bool { types <= 64 || samples <= (1 << 22) / types }

  static func flags(_ mapping: Mapping) -> Int {
    (mapping.hasFunctions ? 1 : 0) + (mapping.hasFilenames ? 2 : 0) + (mapping.hasLineNumbers ? 4 : 0)
      + (mapping.hasInlineFrames ? 8 : 0)
  }

  static func setFlags(_ flags: UInt64, of mapping: inout Mapping) {
    mapping.hasFunctions = flags & 1 != 0
    mapping.hasFilenames = flags & 2 != 0
    mapping.hasLineNumbers = flags & 4 != 0
    mapping.hasInlineFrames = flags & 8 != 0
  }

  /// The whole block, ready to stand behind a text whose bytes have this CRC-32.
  ///
  /// O(samples + tables), memory for the block.
  static func lines(_ text: CarryText, checksum: UInt32) -> [UInt8] {
    var writer = CarryWriter(text)
    writer.writeAll()
    return writer.finish(checksum: checksum)
  }

  /// Gives a draft everything that its block says. Where the text was edited, or the block is damaged, of a later version or
  /// impossible, the text stands alone, with a warning.
  ///
  /// O(size of the draft and the block).
  ///
  /// - Returns: whether the draft is now the carried profile, complete: nothing else is to be done to it.
  static func apply(to draft: inout TextDraft, diagnostics: inout Diagnostics) -> Bool {
    if draft.blockLines.isEmpty { return false }
    let place = ProfileError.Place.line(draft.firstBlockLine, column: nil, text: nil)
    switch CarryLayout.parse(draft.blockLines) {
    case .newer(let found):
      diagnostics.addLoss(
        kind: "newer-block",
        "the # pprofconv block is of version \(found.prefix(20)), and only \(version) is known here; the text above it stands alone",
        at: place)
    case .damaged(let reason):
      diagnostics.addLoss(
        kind: "damaged-block", "the # pprofconv block is damaged (\(reason)); the text above it stands alone", at: place
      )
    case .whole(let layout):
      if layout.checksum != draft.checksum || draft.hasTextBehindBlock {
        diagnostics.addLoss(
          kind: "edited-block",
          "the text was edited since its # pprofconv block was written; the text counts, and what the block adds is left out",
          at: place)
        return false
      }
      do throws(CarryFault) {
        var reader = CarryReader(layout, draft)
        draft.columns = try reader.read()
        return true
      } catch {
        diagnostics.addLoss(
          kind: "damaged-block",
          "the # pprofconv block does not fit the text above it (\(error.message)); the text stands alone", at: place)
      }
    }
    return false
  }
}
