internal import ProfileModel

extension InfoReport {
  /// The report's facts; the keys are those of schema `pprofconv-info/1`.
  package var json: JSONValue {
    .object([
      ("file", .string(source.name)), ("format", .string(source.format)), ("gzip", .bool(source.isGzip)),
      ("size", source.size.map { .int($0) } ?? .null), ("inflated_size", .int(source.inflatedSize)),
      ("kind", .string(kind)), ("header", .optional(header == nil ? nil : source.firstLine)),
      ("time", timeNanos == 0 ? .null : .string(time)), ("time_nanos", .int(timeNanos)),
      ("duration_nanos", .int(durationNanos)),
      ("period", .int(period)), ("period_type", .string(periodType)), ("period_unit", .string(periodUnit)),
      ("samples", .int(samples)), ("stacks", .int(distinctStacks)), ("deepest", .int(deepest)),
      ("locations", .int(locations)), ("functions", .int(functions)),
      ("mappings", .array(mappings.map(JSONValue.string))), ("comments", .int(comments)),
      ("doc_url", .string(docURL)),
      (
        "labels",
        .array(
          labels.map {
            .object([
              ("key", .string($0.key)), ("numeric", .bool($0.isNumeric)), ("samples", .int($0.samples)),
              ("values", .int($0.distinct)),
            ])
          })
      ),
      (
        "sample_types",
        .array(
          sampleTypes.map {
            .object([
              ("type", .string($0.type)), ("unit", .string($0.unit)), ("total", .int($0.total)),
              ("default", .bool($0.isDefault)),
            ])
          })
      ),
      (
        "top_stacks",
        .array(
          topStacks.map {
            .object([("value", .int($0.value)), ("functions", .array($0.functions.map(JSONValue.string)))])
          })
      ),
      (
        "odd",
        .array(oddities.map { .object([("kind", .string($0.kind)), ("message", .string($0.message))]) })
      ),
    ])
  }
}
