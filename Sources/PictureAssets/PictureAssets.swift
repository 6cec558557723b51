/// The scripts and styles of pictures, as the bytes of the files in this folder. SwiftPM compiles them in (`embedInCode`), so
/// that the command stays one file; a target of their own, since that takes the compiler seconds.
package enum PictureAssets {
  /// Inside a flame graph's SVG.
  package static var flameGraphScript: [UInt8] { PackageResources.shared_js + PackageResources.flamegraph_js }
  package static var flameGraphStyle: [UInt8] { PackageResources.flamegraph_css }

  /// Of the HTML page: parts that share a scope, from what needs nothing to what needs all.
  package static var pageScript: [UInt8] {
    PackageResources.shared_js + PackageResources.page_data_js + PackageResources.page_tree_js
      + PackageResources.page_graph_js + PackageResources.page_table_js + PackageResources.page_js
  }
  package static var pageStyle: [UInt8] { PackageResources.page_css }
}
