import ProfileModel
import Testing

@testable import PprofKit

@Suite struct ReadAheadTests {
  /// Behind 0 bytes every piece but the first is made on the other thread; behind `max` none is.
  @Test(arguments: [0, 3, Int.max]) func piecesComeWholeAndInOrder(_ threshold: Int) throws {
    var next = 0
    let reading = ReadAhead(behind: threshold) { () throws(ProfileError) in
      next += 1
      return next <= 500 ? [UInt8](repeating: UInt8(next % 251), count: next % 7 + 1) : []
    }
    var seen = 0
    while case let piece = try reading.next(), !piece.isEmpty {
      seen += 1
      #expect(piece == [UInt8](repeating: UInt8(seen % 251), count: seen % 7 + 1))
    }
    #expect(seen == 500)
  }

  @Test(arguments: [0, Int.max]) func anErrorComesBehindThePiecesBeforeIt(_ threshold: Int) throws {
    var next = 0
    let reading = ReadAhead(behind: threshold) { () throws(ProfileError) in
      next += 1
      if next == 4 { throw ProfileError(.truncated, "cut") }
      return [UInt8(next)]
    }
    for expected in 1...3 { #expect(try reading.next() == [UInt8(expected)]) }
    #expect(throws: ProfileError(.truncated, "cut")) { try reading.next() }
  }

  /// Who gives up in the middle leaves a piece that nobody takes.
  @Test func whatIsNotTakenIsLetGo() throws {
    final class Token {}
    weak var token: Token?
    do {
      let made = Token()
      token = made
      let reading = ReadAhead(behind: 0) { () throws(ProfileError) in
        withExtendedLifetime(made) { [1] }
      }
      _ = try reading.next()
      _ = try reading.next()
    }
    for _ in 0..<1000 where token != nil { waitABit() }
    #expect(token == nil)
  }

  private func waitABit() {
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(1)
    while clock.now < end {}
  }
}
