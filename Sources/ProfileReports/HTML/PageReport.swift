internal import ContentHash
internal import PictureAssets
public import ProfileModel

/// One HTML file with all sample types of a profile: flame graph, icicle, sandwich, table of functions, filter by label.
///
/// It asks for nothing from anywhere. What the profile says stands in it as base64 alone, and its policy lets no script run but
/// its own, by their hash.
public struct PageReport: Report {
  public let info = ReportInfo(
    id: "html", aliases: ["page"], extensions: ["html", "htm"],
    summary: "flame graph, icicle, callers and callees, table: one HTML file to mail")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let data = try PageData(profile, options)
    let script = PictureAssets.pageScript
    let style = PictureAssets.pageStyle
    sink.buffer.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    sink.buffer.append(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '\(Self.source(script))'; "
        + "style-src '\(Self.source(style))'; img-src data:; base-uri 'none'; form-action 'none'\">\n")
    sink.buffer.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    sink.buffer.append("<meta name=\"generator\" content=\"pprofconv\">\n<link rel=\"icon\" href=\"data:,\">\n<title>")
    sink.buffer.append(escaped: data.title)
    sink.buffer.append("</title>\n<style>")
    sink.buffer.append(contentsOf: style)
    sink.buffer.append("</style>\n</head>\n<body>\n")
    Self.appendBody(data, to: &sink.buffer)
    try sink.flushIfLarge()
    sink.buffer.append("<script type=\"text/plain\" id=\"data\">")
    Base64.append(data.encoded(), to: &sink.buffer)
    sink.buffer.append("</script>\n")
    try sink.flushIfLarge()
    sink.buffer.append("<script>")
    sink.buffer.append(contentsOf: script)
    sink.buffer.append("</script>\n</body>\n</html>\n")
  }

  /// `sha256-…` as a policy names a script or style.
  private static func source(_ text: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(text.span)
    let digits = hash.finish().utf8.map { Int($0) - ($0 < 58 ? 48 : 87) }
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    return "sha256-" + Base64.text(bytes)
  }

  /// What stands there without scripts: the title and the largest functions. The script makes all else.
  private static func appendBody(_ data: PageData, to buffer: inout [UInt8]) {
    buffer.append("<noscript>\n<h1>")
    buffer.append(escaped: data.title)
    buffer.append(
      """
      </h1>
      <p>The pictures need scripts. These are the largest functions:</p>
      <table class="functions">
      <thead><tr><th>Own</th><th>With callees</th><th>Function</th></tr></thead>
      <tbody>

      """)
    for row in data.top(30) {
      buffer.append("<tr><td>")
      buffer.append(escaped: row.flat)
      buffer.append("</td><td>")
      buffer.append(escaped: row.cum)
      buffer.append("</td><td>")
      buffer.append(escaped: row.name)
      buffer.append("</td></tr>\n")
    }
    buffer.append("</tbody>\n</table>\n</noscript>\n")
  }
}
