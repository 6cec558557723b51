/// Every format, once. The command's values, help, completions, the detection matrix, the golden tests and the fuzz
/// targets derive from these two lists: to add a format is a folder, a line here, and fixtures.
public enum Catalogue {
  /// In the order in which they are asked, of those that are equally sure.
  public static let readers: [any ProfileReader] = [
    ProfileProtoReader(),
    // Before those who find their header anywhere in the first line: on one line, a comment may hold it.
    JSONReader(),
    Debug1Reader(),
    GroupedTextReader(),
    RawReader(),
    TracebackReader(),
    GperftoolsHeapReader(),
    GperftoolsContentionReader(),
    GperftoolsThreadReader(),
    GperftoolsCPUReader(),
    JemallocReader(),
    JavaHeapReader(),
    JavaContentionReader(),
    JavaCPUReader(),
    FoldedReader(),
  ]
  /// Where an ending belongs to several, to the first.
  public static let writers: [any ProfileWriter] = [
    ProfileProtoGzipWriter(),
    ProfileProtoWriter(),
    GroupedTextWriter(),
    Debug1Writer(),
    RawWriter(),
    TracebackWriter(),
    JSONWriter(),
    FoldedWriter(),
    CSVWriter(),
  ]
}
