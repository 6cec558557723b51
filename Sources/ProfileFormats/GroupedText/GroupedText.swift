/// Grouped text: bpprof's layout of a heap, with plain `#` lines for what else people want to know. pprof reads it as Go
/// heap text. Every line:
///
///     heap profile: IO: IB [AO: AB] @ heap/2R      plain sums, unsigned (a negative sum is printed as 0)
///     # heap profile: IO: SIZE [AO: SIZE] @ heap/2R
///     (empty)
///     # types: objects/count space/bytes           only where the heap's columns are not Go's four in Go's order
///     # time: 2026-11-21T06:00:24.5Z (1795240824500000000)
///     # duration: 30s (30000000000)
///     # period: space bytes 524288
///     # default: alloc_space
///     # doc: "https://example.com"
///     # binary: /bin/demo 0123abcd                 file and build id of the first mapping
///     # values: estimates                          only where R = 1 stands for another period: see below
///     # comment: "Go-quoted"                       each comment that is no line of the trailer
///     (empty)
///
///     IO: IB [AO: AB] @ 0x… 0x…                    what the sampler counted, summed over the group
///     # IO: SIZE [AO: SIZE]
///     # unsampled: IO: IB [AO: AB]                 if R > 1: the profile's own values, exactly
///     # labels: {"k":"v", "n":64, "m":3 "unit"}    if any: in their order; numbers without quotes, a unit behind
///     #	0x…	func+0x0	file:line                  as Go prints them; the address, not the return address
///     (empty)
///
///     (empty)
///     # runtime.MemStats                           if the profile's comments have it
///     # Alloc = V (SIZE) …                         bpprof's words, sizes and durations
///     (empty)
///     # verbatim:                                  if what stands above was put in other words: …
///     # runtime.MemStats                           … the comments themselves
///     # Alloc = V
///
/// The scale: where the sampler's counts are known, R is the period and `# unsampled:` has the values. Where they are not,
/// the records have the values themselves under `heap/2` (which keeps readers from scaling them again), and if the period
/// is above 1 `# values: estimates` says so.
///
/// A word stands bare if it is made of printable characters other than blanks and quotes, else Go-quoted. Comments that are
/// lines of the trailer begin with `# ` and have no control characters; from the first of them on they are printed in
/// their order, others among them as `# comment: "…"`. A comment that would be taken for something else (`# comment:`,
/// `# verbatim:`, `# pprofconv`, a frame) is quoted as well.
enum GroupedText {
  static let types = "# types: "
  static let time = "# time: "
  static let duration = "# duration: "
  static let period = "# period: "
  static let defaultType = "# default: "
  static let doc = "# doc: "
  static let binary = "# binary: "
  static let estimates = "# values: estimates"
  static let comment = "# comment: "
  static let unsampled = "# unsampled: "
  static let labels = "# labels: {"
  static let memStats = "# runtime.MemStats"
  static let verbatim = "# verbatim:"
  static let carry = "# pprofconv"
}
