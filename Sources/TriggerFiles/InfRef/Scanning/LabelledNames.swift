/// The names behind the labels of a form's text.
public enum LabelledNames {
  /// A name, its place, and the kind of order form around it.
  public struct Name: Sendable, Hashable {
    /// The name, exactly as in the text.
    public let name: String
    /// The line that it begins in.
    public let line: Int
    /// The order of the form.
    public let form: OrderForm
  }

  /// Returns every name after a label `InfRef=` or `InfRef:`, valid or not; a name broken over two lines is joined.
  public static func inForm(_ text: [UInt8]) -> [Name] {
    text.withUnsafeBytes { bytes in
      var names: [Name] = []
      var places = PlaceCounter(bytes)
      var end = 0
      AnchorSearch.forEach(in: bytes) { anchor, start in
        guard start >= end, anchor == .label, let label = LabelledName(in: bytes, around: start) else {
          return start + 1
        }
        end = label.name.range.upperBound
        let at = label.name.range.lowerBound
        names.append(
          Name(
            name: label.name.text, line: places.position(at: at).line,
            form: OrderForm.around(at, in: bytes) ?? .unknown))
        return end
      }
      return names
    }
  }
}
