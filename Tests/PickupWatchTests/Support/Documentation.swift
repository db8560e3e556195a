import Foundation

/// The pages of the library's documentation, which promise what tests hold the code to.
enum Documentation {
  /// A page of PickupWatch, by its name.
  static func page(_ name: String, file: String = #filePath) -> URL {
    var root = URL(filePath: file)
    while root.lastPathComponent != "Tests", root.path().count > 1 { root.deleteLastPathComponent() }
    return root.deletingLastPathComponent().appending(path: "Sources/PickupWatch/PickupWatch.docc/\(name).md")
  }
}
