/// The rules for sending a trigger as a whole, beyond being a good document (contract sections 3, 4 and 7).
public struct SendRules: Sendable {
  /// The account's SFTP user, which the trigger names as sender; `nil` when it is not to be compared.
  public var user: String?
  /// The account's IT-system instance; `nil` when it is not to be compared.
  public var itSystem: SystemID?
  /// The shared classification system, which alone sends the sortiment; `nil` when it is not known.
  public var classificationSystem: SystemID?
  /// The suffixes that the file's name has to leave room for.
  public var suffixes: WireSuffixes
  /// The InfRefs that the user declares.
  public var register: Set<String>

  /// The language of findings about InfRefs.
  public var language: ReportLanguage

  /// Makes rules; what is left out is not compared.
  public init(
    user: String? = nil, itSystem: SystemID? = nil, classificationSystem: SystemID? = nil,
    suffixes: WireSuffixes = .default, register: Set<String> = [], language: ReportLanguage = .english
  ) {
    self.user = user
    self.itSystem = itSystem
    self.classificationSystem = classificationSystem
    self.suffixes = suffixes
    self.register = register
    self.language = language
  }

  /// Everything that keeps a trigger from being sent, and warnings.
  ///
  /// - Parameter document: the trigger as it was written, where that is done already.
  public func findings(for trigger: Trigger, document: [UInt8]? = nil) -> [Diagnostic] {
    let file = trigger.fileDescriptor
    var findings = nameFindings(file) + senderFindings(file)
    switch trigger.fileContentDescriptor {
    case .routing(let info): findings += routedFindings(info, file)
    case .empty: findings += directFindings(file)
    case .foreign(let content): findings += Self.foreignFindings(content)
    }
    let size = (document ?? trigger.xml()).count
    if size > ReadingLimits().maximumBytes {
      findings.append(
        Diagnostic(
          code: .tooLarge, path: "/Trigger", found: "a trigger of \(size) bytes",
          expected: "at most \(ReadingLimits().maximumBytes)", remedy: "name fewer recipients, or less foreign content")
      )
    }
    return findings
  }

  /// Checks that a trigger can be sent.
  ///
  /// - Parameter document: the trigger as it was written, where that is done already.
  /// - Returns: warnings.
  /// - Throws: `DocumentError` with everything found when something of it is an error.
  @discardableResult
  public func check(_ trigger: Trigger, document: [UInt8]? = nil) throws(DocumentError) -> [Diagnostic] {
    let findings = findings(for: trigger, document: document)
    if findings.contains(where: { $0.severity == .error }) { throw DocumentError(findings) }
    return findings
  }
}

extension SendRules {
  private static let filePath = "/Trigger/FileDescriptor"
  private static let routingPath = "/Trigger/FileContentDescriptor/SFTPDynamicRoutingInfo"

  private func nameFindings(_ file: DataFileDescriptor) -> [Diagnostic] {
    do throws(WireNameError) {
      _ = try WireName(file.fileName, suffixes: suffixes)
      return []
    } catch {
      return [
        Diagnostic(
          code: .unfitFileName, path: "\(Self.filePath)/FileName", found: error.name,
          expected: "a name that the wire can carry (section 7)", remedy: error.message)
      ]
    }
  }

  private func senderFindings(_ file: DataFileDescriptor) -> [Diagnostic] {
    guard let user, !user.utf8.elementsEqual(file.sender.utf8) else { return [] }
    return [
      Diagnostic(
        code: .otherSender, path: "\(Self.filePath)/Sender", found: Quoted.text(file.sender),
        expected: "the account's SFTP user \(Quoted.text(user)) (section 2)", remedy: "send it by the sender's account")
    ]
  }

  private func routedFindings(_ info: RoutingInfo, _ file: DataFileDescriptor) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if file.recipients != [DataFileDescriptor.routedRecipient] {
      findings.append(
        Diagnostic(
          code: .unfitRoute, path: "\(Self.filePath)/Recipients",
          found: file.recipients.map(Quoted.text).joined(separator: ", "),
          expected: "\(DataFileDescriptor.routedRecipient) alone beside routing info (section 3)",
          remedy: "name either the recipients or the routing info"))
    }
    if let itSystem, itSystem != info.senderITSystem {
      findings.append(
        Diagnostic(
          code: .otherSender, path: "\(Self.routingPath)/SenderIt-system", found: info.senderITSystem.rawValue,
          expected: "the account's IT-system \(itSystem) (section 3)", remedy: "send it by the sender's account"))
    }
    return findings + infRefFindings(info)
  }

  private func infRefFindings(_ info: RoutingInfo) -> [Diagnostic] {
    let explanation = InfRef.explain(info.infRef.name, register: register)
    var findings = explanation.findings.map {
      $0.diagnostic(found: info.infRef.name, path: "\(Self.routingPath)/InfRef", language: language)
    }
    if info.infRef.requiresExplicitRoute, info.recipientITSystem == nil {
      findings.append(
        Diagnostic(
          code: .unfitRoute, path: Self.routingPath, found: "no RecipientIt-system",
          expected: "an explicit route, authority and system: required for \(info.infRef) (section 3)",
          remedy: "name the receiving IT-system instance by its UUID"))
    }
    if info.infRef.isSortiment, let classificationSystem, classificationSystem != info.senderITSystem {
      findings.append(
        Diagnostic(
          code: .otherSender, path: "\(Self.routingPath)/SenderIt-system", found: info.senderITSystem.rawValue,
          expected:
            "the shared classification system \(classificationSystem): no other sends the sortiment (section 4)",
          remedy: "let the classification system send it"))
    }
    return findings
  }

  /// The official schema takes foreign content strictly: it has to know the namespace (section 2).
  private static func foreignFindings(_ content: ForeignContent) -> [Diagnostic] {
    Set(content.elements.compactMap(\.namespace)).sorted().map { namespace in
      Diagnostic(
        code: .foreignContent, severity: .warning, path: "/Trigger/FileContentDescriptor",
        found: "elements of the namespace \(Quoted.text(namespace))",
        expected: "a namespace that the platform has a schema for: it reads foreign content strictly (section 2)",
        remedy: "ask the platform's operator whether it knows this namespace; where it does not, it refuses the trigger"
      )
    }
  }

  private func directFindings(_ file: DataFileDescriptor) -> [Diagnostic] {
    guard file.recipients.contains(DataFileDescriptor.routedRecipient) else { return [] }
    return [
      Diagnostic(
        code: .unfitRoute, path: "\(Self.filePath)/Recipients",
        found: "\(DataFileDescriptor.routedRecipient) without routing info",
        expected: "the recipients' SFTP users, or routing info (section 3)", remedy: "add SFTPDynamicRoutingInfo")
    ]
  }
}

extension InfRefFinding {
  /// The finding as one about a document.
  func diagnostic(
    found name: String, position: SourcePosition? = nil, path: String, language: ReportLanguage = .english
  ) -> Diagnostic {
    Diagnostic(
      code: .unfitInfRef, severity: severity, position: position, path: path, found: Quoted.text(name),
      expected: "\(message(in: language)) (\(section))", remedy: remedy(in: language))
  }
}
