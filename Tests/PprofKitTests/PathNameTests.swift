import PprofKit
import Testing

@Suite struct PathNameTests {
  @Test(
    arguments: [
      Array("heap.pb".utf8), [0xff, 0xfe], [0x61, 0x80, 0x62], [0xc3, 0xa9], [0xc3], [0xf4, 0x8f, 0xbf, 0xbf],
      [0xf4, 0x8f],
      [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x94, 0xa5], [0xf4, 0x8f, 0xbe, 0x80, 0xff], [0xc0, 0xaf],
    ] as [[UInt8]])
  func everyNameComesBackAsItWas(_ bytes: [UInt8]) {
    #expect(PathName.bytes(PathName.string(bytes)) == bytes)
  }

  @Test func differentBytesAreDifferentNames() {
    var generator = SystemRandomNumberGenerator()
    let alphabet: [UInt8] = [0x61, 0xff, 0xc3, 0xa9, 0xf4, 0x8f, 0xbf, 0xbe, 0x80]
    var names: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...5, using: &generator)).map { _ -> UInt8 in
        alphabet.randomElement(using: &generator) ?? 0
      }
      let name = PathName.string(bytes)
      #expect(PathName.bytes(name) == bytes)
      #expect(names.updateValue(bytes, forKey: Array(name.utf8)) ?? bytes == bytes)
    }
  }

  @Test func whatIsNoCharacterIsShownAsANumber() {
    #expect(PathName.shown(PathName.string([0x61, 0xff, 0x62])) == "a\\xffb")
    #expect(PathName.shown("caf\u{e9}") == "caf\u{e9}")
  }
}
