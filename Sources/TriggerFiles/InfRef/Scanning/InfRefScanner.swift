/// Finds every InfRef in a text, and every text meant as one.
///
/// A name counts as meant if the text declares it (an element or a label `InfRef`), and elsewhere if it begins like the
/// documents' names. Text about a service, an integration or the GDPR is ignored. Each name is checked by the rules of
/// its place (``InfRefPlace``); an unknown place is free text. Text is UTF-8; other bytes are read too, and shown as
/// U+FFFD.
public struct InfRefScanner: Sendable {
  /// The kind of text around the names, which decides the trust in a label.
  public enum Surroundings: Sendable, Hashable {
    /// Configuration and data: the text after a label is an InfRef.
    case structured
    /// XML and similar formats: an element's content or a quoted value is an InfRef, the rest is prose.
    case markup
    /// Text for people, including order forms: the text after a label may be any word.
    case prose
    /// A program's log: text that is never an order form.
    case log
  }

  /// The InfRefs that the user declares, accepted unchecked.
  public var register: Set<String>
  /// The kind of text around the names, which decides the trust in a label.
  public var surroundings: Surroundings
  /// The place of a labelled name, such as an `InfRef` element's, where the kind of text does not show it.
  public var labelledPlace: InfRefPlace
  /// True to report names without findings too; false to count them only.
  public var reportsGood: Bool

  /// Creates a scanner.
  public init(
    register: Set<String> = [], surroundings: Surroundings = .structured, labelledPlace: InfRefPlace = .freeText,
    reportsGood: Bool = true
  ) {
    self.register = register
    self.surroundings = surroundings
    self.labelledPlace = labelledPlace
    self.reportsGood = reportsGood
  }

  /// Everything found in a text, in its order.
  public func occurrences(in bytes: [UInt8]) -> [InfRefOccurrence] { bytes.withUnsafeBytes(occurrences) }

  /// Everything found in a text, in its order.
  public func occurrences(in bytes: UnsafeRawBufferPointer) -> [InfRefOccurrence] {
    var occurrences: [InfRefOccurrence] = []
    var progress = ScanProgress()
    scan(bytes, before: bytes.count, &progress) { occurrences.append($1()) }
    return occurrences
  }

  /// Scans one piece of a longer text.
  ///
  /// - Parameters:
  ///   - bytes: the piece; it begins where the piece before it was cut.
  ///   - limit: the offset of the next cut. Names that begin after it belong to the next piece; a name that begins
  ///     before it may extend beyond it.
  ///   - progress: the state of the scan, which is updated.
  ///   - found: called for each name to report. `findings` are valid by code and severity only, because names with the
  ///     same faults share them; `occurrence` has this name's own texts.
  public func scan(
    _ bytes: UnsafeRawBufferPointer, before limit: Int, _ progress: inout ScanProgress,
    _ found: (_ findings: [InfRefFinding], _ occurrence: () -> InfRefOccurrence) -> Void
  ) {
    var places = PlaceCounter(bytes, startingAt: progress.position)
    var comments = CommentTracker(bytes, isMarkup: surroundings == .markup, progress.comment)
    var formWords = FormWords(bytes)
    var judged = JudgedNames(register)
    var good = 0
    var end = progress.overlap
    AnchorSearch.forEach(in: bytes) { anchor, start in
      guard start >= end else { return end }
      guard AnchorNeighbours.fit(anchor, at: start, in: bytes) else { return start + 1 }
      let label = anchor == .label ? LabelledName(in: bytes, around: start) : nil
      let name = anchor == .label ? label?.name : LooseName(in: bytes, around: start)?.name
      guard let name, name.range.lowerBound >= end, name.range.lowerBound < limit else { return start + 1 }
      // A misspelt name may hold another anchor, so the search goes on after the name.
      end = name.range.upperBound
      if name.isSpeltAsShown, !reportsGood {
        good += 1
        return end
      }
      let context = context(of: name, label, &comments, &formWords, bytes)
      guard let findings = judged.verdict(on: name, context) else { return end }
      if findings.isEmpty { good += 1 }
      if reportsGood || !findings.isEmpty {
        found(findings) {
          InfRefOccurrence(
            name: name.text, position: places.position(at: name.range.lowerBound), isLabelled: label != nil,
            place: context.place, findings: judged.exactFindings(for: name.text, context))
        }
      }
      return end
    }
    progress.good += good
    progress.position = places.position(at: limit)
    if surroundings == .structured || surroundings == .markup { progress.comment = comments.state(at: limit) }
    progress.overlap = max(0, end - limit)
  }
}

/// The progress of scanning a text, from one piece of it to the next.
public struct ScanProgress: Sendable {
  /// The place where the next piece begins.
  public internal(set) var position = SourcePosition(line: 1, column: 1)
  /// The number of good names.
  public internal(set) var good = 0
  /// The number of bytes of the next piece that belong to the last name of this one.
  var overlap = 0
  /// The state of comments at the beginning of the next piece.
  var comment = CommentTracker.State()

  /// The beginning of a text.
  public init() {}
}

extension InfRefScanner {
  /// Returns the context of a name: its assumed place, and the form of its label and its surroundings there.
  private func context(
    of name: FoundName, _ label: LabelledName?, _ comments: inout CommentTracker, _ formWords: inout FormWords,
    _ bytes: UnsafeRawBufferPointer
  ) -> JudgedNames.Context {
    let (place, form) = place(of: name, label, &comments, &formWords, bytes)
    return JudgedNames.Context(
      place: place, form: form, label: label?.form, isTrusted: label.map { isTrusted($0.form, place) } ?? false,
      isFileName: name.isFileName, isPattern: name.isPattern)
  }

  private func place(
    of name: FoundName, _ label: LabelledName?, _ comments: inout CommentTracker, _ formWords: inout FormWords,
    _ bytes: UnsafeRawBufferPointer
  ) -> (InfRefPlace, OrderForm) {
    if name.isSpeltAsShown { return (label == nil ? .freeText : labelledPlace, .unknown) }
    let start = name.range.lowerBound
    switch surroundings {
    case .structured, .markup:
      if comments.isInComment(start) { return (.comment, .unknown) }
      if surroundings == .markup, label?.form != .element, label?.form != .quoted { return (.freeText, .unknown) }
    case .prose:
      if labelledPlace == .orderForm { return (.orderForm, OrderForm.around(start, in: bytes) ?? .unknown) }
      guard labelledPlace == .freeText, label != nil, formWords.stand(around: start) else { break }
      if let form = OrderForm.around(start, in: bytes) { return (.orderForm, form) }
    case .log: return (.freeText, .unknown)
    }
    return (label == nil ? .freeText : labelledPlace, .unknown)
  }

  private func isTrusted(_ form: LabelledName.Form, _ place: InfRefPlace) -> Bool {
    switch surroundings {
    case .structured: place != .comment
    case .markup: form == .element || form == .quoted
    case .prose, .log: false
    }
  }
}
