internal import Dispatch
internal import ProfileModel
internal import Synchronization

/// A second thread for a long heap text: it reads the records, and the reader makes samples of them. Each has the tables
/// that it needs, none twice, and all is done in the order of the text: the profile is the one that a single thread makes.
///
/// Where a piece has anything but plain records (an error, a comment, the memory map), the reader takes the tables back and
/// reads that piece once more itself, with all that follows.
///
/// Sendable: `parser` and what goes with it is touched by the queue alone, from the first piece to the wait for the last.
final class HeapTextHelper: @unchecked Sendable {
  private var parser: HeapTextParser
  private var hasStopped = false
  private var pcCount: Int
  private var entryCount: Int
  private let queue = DispatchQueue(label: "pprofconv.heap-text")

  private struct Piece: Sendable {
    var text: TextInput.Records
    /// nil: there was something else than records.
    var read: Read?
  }

  private struct Read: Sendable {
    var records: ReadHeapRecords
    var lines: Int
    /// What is new in the tables.
    var pcs: [TextStacks.PC]
    var entries: [FrameTable.Entry]
  }

  /// Pieces that were read, in their order.
  private let finished = Mutex<[Piece]>([])
  private let ready = DispatchSemaphore(value: 0)
  /// How many pieces may wait to be read, or to be taken.
  private static let depth = 3

  private init(_ reader: inout HeapTextParser) {
    parser = HeapTextParser(readingFor: &reader)
    pcCount = parser.stacks.pcs.count
    entryCount = parser.stacks.frames.entries.count
  }

  /// Reads what follows in `input` with two threads, until other lines than records come, or it ends.
  static func share(
    _ reader: inout HeapTextParser, _ input: inout TextInput, _ source: inout ByteSource,
    _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    // The record at hand is the reader's.
    guard let first = try input.nextRecords(&source) else { return }
    try parse(first, &reader, &diagnostics)
    guard reader.mayBeShared else { return }
    let helper = HeapTextHelper(&reader)
    var stacks: [StackIndex] = []
    var underWay = 0
    var isAtEnd = false
    var failure: ProfileError?
    var left: [TextInput.Records] = []
    while true {
      while underWay < depth, !isAtEnd, failure == nil, left.isEmpty {
        do throws(ProfileError) {
          if let text = try input.nextRecords(&source) {
            helper.start(text)
            underWay += 1
          } else {
            isAtEnd = true
          }
        } catch {
          // What stands before has its say first.
          failure = error
        }
      }
      if underWay == 0 { break }
      let piece = helper.next()
      underWay -= 1
      if let read = piece.read, left.isEmpty {
        reader.stacks.learn(read.pcs, read.entries)
        read.records.addStacks(to: &stacks, of: &reader.stacks)
        for sample in read.records.samples {
          let new = sample.stack.position - ReadHeapRecords.firstNew
          reader.addSample(sample.values, stack: new < 0 ? sample.stack : stacks[new])
        }
        reader.line += read.lines
      } else {
        left.append(piece.text)
      }
    }
    reader.stacks.takeReading(from: &helper.parser.stacks)
    for text in left { try parse(text, &reader, &diagnostics) }
    if let failure { throw failure }
  }

  private static func parse(
    _ text: TextInput.Records, _ parser: inout HeapTextParser, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    _ = try parser.parse(text.lead.span, from: 0, diagnostics: &diagnostics)
    _ = try parser.parse(text.body.span, from: 0, diagnostics: &diagnostics)
  }

  private func next() -> Piece {
    ready.wait()
    return finished.withLock { $0.removeFirst() }
  }

  private func start(_ text: TextInput.Records) {
    queue.async { [self] in
      let read = hasStopped ? nil : read(text)
      if read == nil { hasStopped = true }
      finished.withLock { $0.append(Piece(text: text, read: read)) }
      ready.signal()
    }
  }

  private func read(_ text: TextInput.Records) -> Read? {
    parser.line = 0
    var diagnostics = Diagnostics()
    do throws(ProfileError) { try Self.parse(text, &parser, &diagnostics) } catch {
      // The reader finds it again, and knows the line.
      return nil
    }
    guard parser.isPlain, diagnostics.isEmpty, let records = parser.readRecords?.take() else { return nil }
    let pcs = parser.stacks.pcs[pcCount...]
    let entries = parser.stacks.frames.entries[entryCount...]
    pcCount += pcs.count
    entryCount += entries.count
    // Copies: of what goes on growing, slices would make one each time.
    return Read(records: records, lines: parser.line, pcs: Array(pcs), entries: Array(entries))
  }
}
