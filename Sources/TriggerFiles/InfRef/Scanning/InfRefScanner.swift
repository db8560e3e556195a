/// Finds every InfRef in a text, and everything that was meant to be one.
///
/// A name counts as meant where the text declares it (an element or a label `InfRef`), and elsewhere where it begins as
/// the documents' names do. Text about a service, an integration or the GDPR is left alone. Each name is judged by the
/// rules of its place (``InfRefPlace``); where the place is unknown it is free text. Text is UTF-8; other bytes are
/// read too, and shown as U+FFFD.
public struct InfRefScanner: Sendable {
  /// The trust in a label.
  public enum Surroundings: Sendable, Hashable {
    /// Configuration and data: what follows a label is an InfRef.
    case structured
    /// XML and its like: an element's content or a quoted value is an InfRef, the rest is text.
    case markup
    /// Text for people, an order form's too: what follows a label may be any word.
    case prose
    /// A program's log: text that is no order form's.
    case log
  }

  /// The InfRefs that the user declares, accepted unchecked.
  public var register: Set<String>
  /// The trust in a label.
  public var surroundings: Surroundings
  /// The place of what an element or a label `InfRef` holds, where the kind of text does not tell.
  public var labelledPlace: InfRefPlace
  /// True if good names are reported too, and not only counted.
  public var reportsGood: Bool

  /// Makes a scanner.
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
    scan(bytes, before: bytes.count, &progress) { occurrences.append($0) }
    return occurrences
  }

  /// Looks through one piece of a longer text.
  ///
  /// - Parameters:
  ///   - bytes: the piece; it begins where the piece before it was cut.
  ///   - limit: where the piece will be cut; names that begin behind it belong to the next, but one that begins before
  ///     it may go on behind it.
  ///   - progress: how far the text has been looked through; it is moved on.
  ///   - found: is given each name that is to be reported.
  public func scan(
    _ bytes: UnsafeRawBufferPointer, before limit: Int, _ progress: inout ScanProgress,
    _ found: (InfRefOccurrence) -> Void
  ) {
    var places = PlaceCounter(bytes, startingAt: progress.position)
    var judged = JudgedNames()
    var good = 0
    var end = progress.overlap
    AnchorSearch.forEach(in: bytes) { anchor, start in
      guard start >= end else { return end }
      guard AnchorNeighbours.fit(anchor, at: start, in: bytes) else { return start + 1 }
      let label = anchor == .label ? LabelledName(in: bytes, around: start) : nil
      let name = anchor == .label ? label?.name : LooseName(in: bytes, around: start)?.name
      guard let name, name.range.lowerBound >= end, name.range.lowerBound < limit else { return start + 1 }
      // A name that is spelt wrong may hold a further anchor; what was looked at is done with.
      end = name.range.upperBound
      if name.isSpeltAsShown, !reportsGood {
        good += 1
        return end
      }
      guard let (findings, place) = verdict(on: name, label, bytes, &judged) else { return end }
      if findings.isEmpty { good += 1 }
      if reportsGood || !findings.isEmpty {
        found(
          InfRefOccurrence(
            name: name.text, position: places.position(at: name.range.lowerBound), isLabelled: label != nil,
            place: place, findings: findings))
      }
      return end
    }
    progress.good += good
    progress.position = places.position(at: limit)
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

  /// The beginning of a text.
  public init() {}
}

/// Names that were judged already: a log says the same name over and over.
private struct JudgedNames {
  private struct Key: Hashable {
    let name: String
    let place: InfRefPlace
    let form: OrderForm
  }

  private static let most = 4096
  private var findings: [Key: [InfRefFinding]] = [:]

  mutating func check(
    _ name: String, _ register: Set<String>, _ place: InfRefPlace, _ form: OrderForm
  ) -> [InfRefFinding] {
    let key = Key(name: name, place: place, form: form)
    if let known = findings[key] { return known }
    let new = InfRef.check(name, register: register, place: place, form: form)
    if findings.count >= Self.most { findings.removeAll(keepingCapacity: true) }
    findings[key] = new
    return new
  }
}

extension InfRefScanner {
  /// Returns the findings about a name, and its place; `nil` when it is not meant as one.
  private func verdict(
    on name: FoundName, _ label: LabelledName?, _ bytes: UnsafeRawBufferPointer, _ judged: inout JudgedNames
  ) -> ([InfRefFinding], InfRefPlace)? {
    let (place, form) = place(of: name, label, bytes)
    let findings = judged.check(name.text, register, place, form)
    if findings.isEmpty {
      // Nothing to say, but what is no InfRef here is not counted as a good one either.
      return InfRefCheck.isMention(name.text, register) ? nil : ([], place)
    }
    let counts = label.map { isMeant(findings, name, $0.form, place) } ?? isMeant(findings, name, place)
    return counts ? (findings, place) : nil
  }

  private func place(
    of name: FoundName, _ label: LabelledName?, _ bytes: UnsafeRawBufferPointer
  ) -> (InfRefPlace, OrderForm) {
    if name.isSpeltAsShown { return (label == nil ? .freeText : labelledPlace, .unknown) }
    let start = name.range.lowerBound
    switch surroundings {
    case .structured:
      if CommentSearch.isInLineComment(bytes, start) { return (.comment, .unknown) }
    case .markup:
      if CommentSearch.isInMarkupComment(bytes, start) { return (.comment, .unknown) }
      if label?.form != .element, label?.form != .quoted { return (.freeText, .unknown) }
    case .prose:
      if labelledPlace == .freeText {
        guard label != nil, let form = OrderForm.around(start, in: bytes) else { return (.freeText, .unknown) }
        return (.orderForm, form)
      }
      if labelledPlace == .orderForm { return (.orderForm, OrderForm.around(start, in: bytes) ?? .unknown) }
    case .log: return (.freeText, .unknown)
    }
    return (label == nil ? .freeText : labelledPlace, .unknown)
  }

  /// Returns true if a labelled text is meant as an InfRef.
  private func isMeant(
    _ findings: [InfRefFinding], _ found: FoundName, _ form: LabelledName.Form, _ place: InfRefPlace
  ) -> Bool {
    guard !isTrusted(form, place), Self.isForeign(findings) else { return true }
    let bytes = found.text.utf8
    let hasDigit = bytes.contains { (0x30...0x39).contains($0) }
    return hasDigit && bytes.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }

  private func isTrusted(_ form: LabelledName.Form, _ place: InfRefPlace) -> Bool {
    switch surroundings {
    case .structured: place != .comment
    case .markup: form == .element || form == .quoted
    case .prose, .log: false
    }
  }

  /// Returns true if a name in the middle of a text is meant as an InfRef.
  private func isMeant(_ findings: [InfRefFinding], _ found: FoundName, _ place: InfRefPlace) -> Bool {
    if found.isFileName || found.isPattern || Self.isForeign(findings) { return false }
    let codes = Set(findings.map(\.code))
    guard codes.isDisjoint(with: Self.otherNames) else { return false }
    guard codes.contains(.missingVersion) else {
      return !(codes.contains(.shortened) && codes.contains(.missingNumber))
    }
    // The name of a family (*the versions of SortimentOverfør*), a shortened one (*GDPR2016*), and a program's own
    // identifiers: `SortimentOverførService`, `sortimentoverfoer`.
    let isFamily = !InfRefSpelling.hasDigit(found.text)
    return !isFamily && codes.isDisjoint(with: [.shortened, .versionSeparator, .letterCase, .unknownVersion])
  }

  /// A name that no document shows and that resembles none of theirs.
  private static func isForeign(_ findings: [InfRefFinding]) -> Bool {
    findings.contains { $0.code == .unknown && $0.suggestion == nil }
  }

  /// Names of other things, which stand rightly in many texts.
  private static let otherNames: Set<InfRefFinding.Code> = [
    .serviceName, .endpointName, .webService, .integrationNumber, .monitoringAlias, .empty, .pattern,
  ]
}

extension InfRefCheck {
  /// Returns true if a name without findings is none that a trigger could have: an alias, a pattern, a service.
  fileprivate static func isMention(_ name: String, _ register: Set<String>) -> Bool {
    guard !register.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return false }
    let codes = findings(for: name, register: register).map(\.code)
    return codes.contains { $0 != .monitoringAlias && $0 != .webService && $0 != .versionLeadingZero }
  }
}
