import ProfileModel
import TestSupport
import Testing

@Suite struct ProfileBuilderTests {
  @Test func `addresses that were chosen to fall on one slot take time in proportion`() throws {
    let ratio = try Growth.ratio(from: 1000) { count in
      let addresses = Growth.colliding(count).map {
        Growth.unmixed(Growth.unmixed($0) ^ UInt64(MappingIndex.none.rawValue))
      }
      return {
        var builder = ProfileBuilder()
        for address in addresses { _ = builder.location(Location(address: address), lines: []) }
        #expect(builder.columns.locations.count == count)
      }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `so do functions that differ in their system names alone`() throws {
    let ratio = try Growth.ratio(from: 1000) { count in
      {
        var builder = ProfileBuilder()
        let name = builder.string("f")
        for i in 0..<count { _ = builder.function(Function(name: name, systemName: builder.string("f\(i)"))) }
        #expect(builder.columns.functions.count == count)
      }
    }
    #expect(ratio < Growth.inProportion)
  }
}
