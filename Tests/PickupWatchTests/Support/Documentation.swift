import Foundation

/// The pages of the libraries' documentation, which promise what tests hold the code to.
enum Documentation {
  /// A page of a library, by its name.
  static func page(_ name: String, of library: String = "PickupWatch", file: String = #filePath) -> URL {
    var root = URL(filePath: file)
    while root.lastPathComponent != "Tests", root.path().count > 1 { root.deleteLastPathComponent() }
    return root.deletingLastPathComponent().appending(path: "Sources/\(library)/\(library).docc/\(name).md")
  }
}
