import ProfileModel
import Testing

@Test func equalStringsAreStoredOnceAndTheEmptyOneIsEntry0() {
  var table = StringTable()
  var interner = StringInterner()
  let a = interner.intern("a", in: &table)
  let b = interner.intern("b", in: &table)
  #expect(interner.intern("a", in: &table) == a)
  #expect(interner.intern("", in: &table) == .empty)
  #expect(a != b)
  #expect(table.count == 3)
  #expect(table.string(b) == "b")
}

@Test func anInternerMadeBesideATableKnowsItsStrings() {
  var table = StringTable()
  let first = table.append("x")
  table.append("x")
  var interner = StringInterner(table)
  #expect(interner.intern("x", in: &table) == first)
  #expect(table.count == 3)
}

@Test func bytesThatAreNotUTF8SurviveAndAreRepairedOnlyForDisplay() {
  var table = StringTable()
  let broken = table.append([0x61, 0xff, 0x62])
  #expect(table[broken].count == 3)
  #expect(table[broken][1] == 0xff)
  #expect(table.string(broken) == "a\u{fffd}b")
}

@Test func theFirstOfEqualStringsIsFound() {
  var table = StringTable()
  for text in ["a", "b", "", "a", "ab", "b"] { table.append(text) }
  #expect(table.firstOfEqual()?.map(\.rawValue) == [0, 1, 2, 0, 1, 5, 2])
}

@Test func aTableWithoutEqualStringsNeedsNoMap() {
  var table = StringTable()
  for i in 0..<1000 { table.append("string \(i)") }
  #expect(table.firstOfEqual() == nil)
}

@Test func theHashIndexFindsEveryPositionUnderAHashAndOthersOnlyByChance() {
  var index = HashIndex()
  for position in 0..<10_000 as Range<UInt32> { index.insert(HashIndex.mix(UInt64(position / 2)), position) }
  #expect(index.count == 10_000)
  for half in 0..<5_000 as Range<UInt64> {
    var probe = index.probe(HashIndex.mix(half))
    var found: Set<UInt32> = []
    while let position = index.next(&probe) { found.insert(position) }
    #expect(found.isSuperset(of: [UInt32(half * 2), UInt32(half * 2 + 1)]))
  }
  var probe = index.probe(HashIndex.mix(1 << 60))
  #expect(index.next(&probe) == nil)
}
