/// The rules for sending a trigger, beyond its being a valid document (contract sections 3, 4 and 7).
public struct SendRules: Sendable {
  /// The account's SFTP user, which the trigger must name as sender; `nil` to skip the comparison.
  public var user: String?
  /// The account's IT-system instance; `nil` to skip the comparison.
  public var itSystem: SystemID?
  /// The shared classification system, the only sender of the sortiment; `nil` if unknown.
  public var classificationSystem: SystemID?
  /// The suffixes that a file's name must have room for.
  public var suffixes: WireSuffixes
  /// The InfRefs that the user declares.
  public var register: Set<String>

  /// Creates the rules; arguments left out are not compared.
  public init(
    user: String? = nil, itSystem: SystemID? = nil, classificationSystem: SystemID? = nil,
    suffixes: WireSuffixes = .default, register: Set<String> = []
  ) {
    self.user = user
    self.itSystem = itSystem
    self.classificationSystem = classificationSystem
    self.suffixes = suffixes
    self.register = register
  }

  /// Returns the errors that prevent sending a trigger, and the warnings.
  ///
  /// - Parameter document: the trigger's XML if it is written already; `nil` writes it to measure its size.
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
          code: .tooLarge, path: "/Trigger",
          found: LocalizedText("a trigger of \(size) bytes", "en trigger på \(size) byte"),
          expected: LocalizedText(
            "at most \(ReadingLimits().maximumBytes)", "højst \(ReadingLimits().maximumBytes)"),
          remedy: LocalizedText(
            "name fewer recipients, or less foreign content", "angiv færre modtagere eller mindre fremmed indhold"))
      )
    }
    return findings
  }

  /// Checks that a trigger can be sent.
  ///
  /// - Parameter document: the trigger's XML if it is written already; `nil` writes it to measure its size.
  /// - Returns: the warnings.
  /// - Throws: `DocumentError` with all findings if one is an error.
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
  private static let useSendersAccount = LocalizedText(
    "send it by the sender's account", "send den fra afsenderens konto")

  private func nameFindings(_ file: DataFileDescriptor) -> [Diagnostic] {
    do throws(WireNameError) {
      _ = try WireName(file.fileName, suffixes: suffixes)
      return []
    } catch {
      return [
        error.valueError.diagnostic(path: "\(Self.filePath)/FileName")
      ]
    }
  }

  private func senderFindings(_ file: DataFileDescriptor) -> [Diagnostic] {
    guard let user, !user.utf8.elementsEqual(file.sender.utf8) else { return [] }
    return [
      Diagnostic(
        code: .otherSender, path: "\(Self.filePath)/Sender", found: Quoted.both(file.sender),
        expected: LocalizedText(
          "the account's SFTP user \(Quoted.text(user)) (section 2)",
          "kontoens SFTP-bruger \(Quoted.danish(user)) (afsnit 2)"), remedy: Self.useSendersAccount)
    ]
  }

  private func routedFindings(_ info: RoutingInfo, _ file: DataFileDescriptor) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if file.recipients != [DataFileDescriptor.routedRecipient] {
      findings.append(
        Diagnostic(
          code: .unfitRoute, path: "\(Self.filePath)/Recipients",
          found: LocalizedText(
            file.recipients.map(Quoted.text).joined(separator: ", "),
            file.recipients.map(Quoted.danish).joined(separator: ", ")),
          expected: LocalizedText(
            "\(DataFileDescriptor.routedRecipient) alone beside routing info (section 3)",
            "\(DataFileDescriptor.routedRecipient) alene ved siden af SFTPDynamicRoutingInfo (afsnit 3)"),
          remedy: LocalizedText(
            "name either the recipients or the routing info",
            "angiv enten modtagerne eller SFTPDynamicRoutingInfo")))
    }
    if let itSystem, itSystem != info.senderITSystem {
      findings.append(
        Diagnostic(
          code: .otherSender, path: "\(Self.routingPath)/SenderIt-system",
          found: LocalizedText(info.senderITSystem.rawValue),
          expected: LocalizedText(
            "the account's IT-system \(itSystem) (section 3)", "kontoens it-system \(itSystem) (afsnit 3)"),
          remedy: Self.useSendersAccount))
    }
    return findings + infRefFindings(info)
  }

  private func infRefFindings(_ info: RoutingInfo) -> [Diagnostic] {
    var findings = InfRef.findings(about: info.infRef.name, register: register).map {
      $0.valueError(found: info.infRef.name)
        .diagnostic(severity: $0.severity, path: "\(Self.routingPath)/InfRef")
    }
    if info.infRef.requiresExplicitRoute, info.recipientITSystem == nil {
      findings.append(
        Diagnostic(
          code: .unfitRoute, path: Self.routingPath,
          found: LocalizedText("no RecipientIt-system", "intet RecipientIt-system"),
          expected: LocalizedText(
            "an explicit route, authority and system: required for \(info.infRef) (section 3)",
            "en eksplicit rute, myndighed og system: krævet for \(info.infRef) (afsnit 3)"),
          remedy: LocalizedText(
            "name the receiving IT-system instance by its UUID",
            "angiv den modtagende it-systeminstans med dens UUID")))
    }
    if info.infRef.isSortiment, let classificationSystem, classificationSystem != info.senderITSystem {
      findings.append(
        Diagnostic(
          code: .otherSender, path: "\(Self.routingPath)/SenderIt-system",
          found: LocalizedText(info.senderITSystem.rawValue),
          expected: LocalizedText(
            "the shared classification system \(classificationSystem): no other sends the sortiment (section 4)",
            "det fælles klassifikationssystem \(classificationSystem): intet andet sender sortimentet (afsnit 4)"),
          remedy: LocalizedText(
            "let the classification system send it", "lad klassifikationssystemet sende det")))
    }
    return findings
  }

  /// The official schema takes foreign content strictly: it has to know the namespace (section 2).
  private static func foreignFindings(_ content: ForeignContent) -> [Diagnostic] {
    Set(content.elements.compactMap(\.namespace)).sorted().map { namespace in
      Diagnostic(
        code: .foreignContent, severity: .warning, path: "/Trigger/FileContentDescriptor",
        found: LocalizedText(
          "elements of the namespace \(Quoted.text(namespace))", "elementer fra navnerummet \(Quoted.danish(namespace))"
        ),
        expected: LocalizedText(
          "a namespace that the platform has a schema for: it reads foreign content strictly (section 2)",
          "et navnerum, som platformen har et skema for: den læser fremmed indhold strengt (afsnit 2)"),
        remedy: LocalizedText(
          "ask the platform's operator whether it knows this namespace; where it does not, it refuses the trigger",
          "spørg platformens driftsleverandør, om den kender navnerummet; gør den ikke det, afviser den triggeren"))
    }
  }

  private func directFindings(_ file: DataFileDescriptor) -> [Diagnostic] {
    guard file.recipients.contains(DataFileDescriptor.routedRecipient) else { return [] }
    return [
      Diagnostic(
        code: .unfitRoute, path: "\(Self.filePath)/Recipients",
        found: LocalizedText(
          "\(DataFileDescriptor.routedRecipient) without routing info",
          "\(DataFileDescriptor.routedRecipient) uden SFTPDynamicRoutingInfo"),
        expected: LocalizedText(
          "the recipients' SFTP users, or routing info (section 3)",
          "modtagernes SFTP-brugere eller SFTPDynamicRoutingInfo (afsnit 3)"),
        remedy: LocalizedText("add SFTPDynamicRoutingInfo", "tilføj SFTPDynamicRoutingInfo"))
    ]
  }
}

extension InfRefFinding {
  /// The finding as one about a document that has the name.
  func valueError(found name: String) -> ValueError {
    ValueError(
      code: .unfitInfRef, found: Quoted.both(name),
      expected: LocalizedText(
        "\(message) (\(section))", "\(danishMessage) (\(section.replacing("section", with: "afsnit")))"),
      remedy: LocalizedText(remedy, danishRemedy))
  }
}
