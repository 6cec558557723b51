import ProfileAnalysis
package import ProfileModel

/// The nodes of `top` as a profile: a sample of one frame each, with its cum and flat value. pprof's topproto.
package enum TopProfile {
  package static func of(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) -> Profile {
    let (context, trimmed) = try TopReport.graph(profile, options)
    let graph = trimmed.graph
    var builder = ProfileBuilder(sampleTypes: [("cum", context.unit), ("flat", context.unit)])
    builder.columns.timeNanos = profile.columns.timeNanos
    builder.columns.durationNanos = profile.columns.durationNanos
    builder.columns.periodType = ValueType(
      type: builder.string(profile.string(profile.columns.periodType.type)),
      unit: builder.string(profile.string(profile.columns.periodType.unit)))
    builder.columns.period = profile.columns.period
    for node in graph.nodes {
      let info = graph.frame(node)
      let function = builder.function(
        Function(
          name: builder.string(graph.table.strings[info.name]), file: builder.string(graph.table.strings[info.file]),
          startLine: info.startLine))
      // Nodes that look the same are one function, but never one location.
      let location = LocationIndex(builder.columns.locations.count)
      builder.columns.locations.append(Location(address: info.address))
      builder.columns.lines.append(Line(function: function, line: info.line, column: info.column))
      builder.columns.lineOffsets.append(builder.columns.lines.count)
      builder.add(
        stack: [location], values: [context.scaled(graph.cumValue(node)), context.scaled(graph.flatValue(node))])
    }
    return try builder.finish()
  }
}
