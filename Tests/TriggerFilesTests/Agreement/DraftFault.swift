import SeededNumbers

/// The ways in which a document is broken, one at a time.
enum DraftFault: String, CaseIterable {
  case none, doubtfulValue, anotherKindsValue, emptied, removed, doubled, swapped, renamed, qualified, otherNamespace
  case unknownElement, textBetween, attribute, elementInText, otherRoot, strayForeign, knownElementElsewhere

  /// Breaks the document, if there is a place for this fault in it.
  func apply(to root: DraftElement, _ random: inout SeededGenerator) {
    let inside = Array(root.all.dropFirst()).filter { $0.namespace != "urn:example" && $0.name != "Inside" }
    let leaves = inside.filter { $0.kind != nil }
    guard !inside.isEmpty else { return }
    let element = random.pick(inside)
    switch self {
    case .none: break
    case .doubtfulValue: retext(leaves, &random) { random, kind in random.pick(kind.doubtful) }
    case .anotherKindsValue:
      retext(leaves, &random) { random, _ in random.pick(random.pick(DraftElement.Kind.allCases).good) }
    case .emptied: element.content = []
    case .removed: edit(root, element) { parent, index in parent.content.remove(at: index) }
    case .doubled: edit(root, element) { parent, index in parent.content.insert(parent.content[index], at: index) }
    case .swapped:
      edit(root, element) { parent, index in
        if index + 1 < parent.content.count { parent.content.swapAt(index, index + 1) }
      }
    case .renamed: element.name = random.pick(["Sender", "sender", element.name + "s", "FileName"])
    case .qualified: element.namespace = DraftMaker.namespace
    case .otherNamespace: random.pick([root, element]).namespace = "urn:other"
    case .unknownElement: element.content.insert(.element(DraftElement("Unknown", [])), at: 0)
    case .textBetween: random.pick([root, element]).content.append(.text("text"))
    case .attribute: random.pick([root, element]).attributes = [(random.pick(["a", "xml:lang"]), "1")]
    case .elementInText:
      if let leaf = leaves.randomElement(using: &random) { leaf.content.append(.element(copy(element))) }
    case .otherRoot: root.name = random.pick(["Trigger", "FileMetadata", "TechnicalReceipt", "BusinessReceipt", "X"])
    case .strayForeign: element.content.append(.element(DraftElement("Foreign", namespace: "urn:example", [])))
    case .knownElementElsewhere: root.content.insert(.element(copy(element)), at: 0)
    }
  }

  /// The element's name with text in it, since an element cannot be inside itself.
  private func copy(_ element: DraftElement) -> DraftElement {
    let copy = DraftElement(element.name)
    copy.content = [.text("1")]
    return copy
  }

  private func retext(
    _ leaves: [DraftElement], _ random: inout SeededGenerator,
    _ value: (inout SeededGenerator, DraftElement.Kind) -> String
  ) {
    guard let leaf = leaves.randomElement(using: &random), let kind = leaf.kind else { return }
    leaf.content = [.text(value(&random, kind))]
  }

  private func edit(_ root: DraftElement, _ element: DraftElement, _ change: (DraftElement, Int) -> Void) {
    for parent in root.all {
      let index = parent.content.firstIndex { if case .element(let child) = $0 { child === element } else { false } }
      if let index { return change(parent, index) }
    }
  }
}
