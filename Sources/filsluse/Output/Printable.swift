import FilsluseBase

/// Text from outside, made fit for a terminal: nothing in it moves the cursor or hides.
enum Printable {
  static func text(_ text: String) -> String { VisibleText.oneLine(text) }

  /// Returns the number of columns of a plain text; `nil` for any other.
  static func plainWidth(_ text: String) -> Int? { VisibleText.plainWidth(text) }
}
