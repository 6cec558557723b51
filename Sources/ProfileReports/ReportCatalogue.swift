/// Every report, once. What can be written, the verbs, help and completions derive from it: to add a report is a folder, a
/// line here, and goldens.
public enum ReportCatalogue {
  public static let all: [any Report] = [
    TopReport(),
    TreeReport(),
    PeekReport(),
    ListReport(),
    TracesReport(),
    TagsReport(),
    CommentsReport(),
    DotReport(),
    CallgrindReport(),
    MarkdownReport(),
    FlameGraphReport(),
    PageReport(),
    SpeedscopeReport(),
    FirefoxReport(),
  ]
}
