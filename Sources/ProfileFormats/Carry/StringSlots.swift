import ProfileModel

extension ProfileColumns {
  /// Every place that holds the index of a string, in the order of the tables in profile.proto. Writer and reader of a block
  /// count strings and their uses by it; it is walked only for profiles with unknown fields.
  mutating func forEachStringSlot(_ body: (inout StringIndex) -> Void) {
    for i in sampleTypes.indices {
      body(&sampleTypes[i].type)
      body(&sampleTypes[i].unit)
    }
    for i in labels.indices {
      body(&labels[i].key)
      body(&labels[i].str)
      body(&labels[i].unit)
    }
    for i in mappings.indices {
      body(&mappings[i].file)
      body(&mappings[i].buildID)
    }
    for i in functions.indices {
      body(&functions[i].name)
      body(&functions[i].systemName)
      body(&functions[i].file)
    }
    body(&dropFrames)
    body(&keepFrames)
    body(&periodType.type)
    body(&periodType.unit)
    for i in comments.indices { body(&comments[i]) }
    body(&defaultSampleType)
    body(&docURL)
  }
}
