internal import CXMLTree

/// A well-formed document. Owns the tree that the C shim built; elements are views into it.
final class XMLTree {
  let source: SourceText
  private let tree: UnsafePointer<filsluse_xml_tree>
  /// The strings of namespaces, each created once for all its elements.
  private var namespaces: [UInt32: String] = [:]

  /// Reads a document.
  ///
  /// - Throws: `DocumentError` with one finding: why this is no well-formed XML that we read.
  init(reading input: [UInt8], limits: ReadingLimits) throws(DocumentError) {
    guard input.count <= limits.maximumBytes else {
      throw DocumentError([
        Diagnostic(
          code: .tooLarge, found: LocalizedText("\(input.count) bytes", "\(input.count) byte"),
          expected: LocalizedText(
            "at most \(limits.maximumBytes) bytes", "højst \(limits.maximumBytes) byte"),
          remedy: LocalizedText(
            "check that this is the small file beside the data, not the data itself",
            "se efter, at det er den lille fil ved siden af datafilen og ikke datafilen selv"))
      ])
    }
    source = try SourceText(decoding: input)
    let parsed = source.bytes.withUnsafeBufferPointer {
      filsluse_xml_parse($0.baseAddress, $0.count, limits.forC)
    }
    guard let parsed else { throw WellFormedness.noMemory }
    tree = parsed
    guard parsed.pointee.outcome == FILSLUSE_XML_WELL_FORMED else {
      throw WellFormedness.refusal(of: parsed.pointee, source, limits)
    }
  }

  deinit { filsluse_xml_free(tree) }

  var root: XMLElement { XMLElement(tree: self, index: 0) }

  func node(_ index: Int) -> filsluse_xml_node { tree.pointee.nodes[index] }

  func attribute(_ index: Int) -> filsluse_xml_attribute { tree.pointee.attributes[index] }

  func bytes(_ span: filsluse_xml_span) -> UnsafeRawBufferPointer {
    guard span.count > 0, let text = tree.pointee.text else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: text + Int(span.start), count: Int(span.count))
  }

  func string(_ span: filsluse_xml_span) -> String { String(decoding: bytes(span), as: UTF8.self) }

  /// The namespace's name; `nil` for none.
  func namespace(_ span: filsluse_xml_span) -> String? {
    guard span.count > 0 else { return nil }
    if let known = namespaces[span.start] { return known }
    let name = string(span)
    namespaces[span.start] = name
    return name
  }
}
