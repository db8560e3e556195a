internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The reading of one filled line.
struct RouteReading {
  var builder: RouteBuilder
  let line: RegisterLine
  let filled: RouteExpansion.Filled
  var isSound = true
  var log: RegisterLog { builder.log }

  init(builder: RouteBuilder, filled: RouteExpansion.Filled) {
    self.builder = builder
    self.filled = filled
    line = filled.line
  }

  mutating func route() -> RegisteredRoute? {
    let municipality = municipality()
    let name = name(municipality)
    let direction = word(.direction, usually: RegisteredRoute.Direction.out)
    let account = account()
    let kind: RouteKind?
    if let direction {
      kind = self.kind(direction, account)
    } else {
      checkAddresses()
      kind = nil
    }
    let outgoing = outgoing(direction, name ?? "", municipality)
    let specification = DataSpecification(
      file: path(.specification, name ?? "", municipality), version: text(.specificationVersion),
      format: text(.format), encoding: text(.encoding), frequency: text(.frequency))
    let validity = (from: day(.validFrom), to: day(.validTo))
    if let from = validity.from, let to = validity.to, to < from {
      fail(
        .conflict, .validTo,
        LocalizedText("the last day \(to) is before the first, \(from)", "sidste dag \(to) er før den første, \(from)"),
        LocalizedText("correct one of the two", "ret en af de to"))
    }
    let roles = (
      sender: word(.senderRole, RegisteredRoute.SystemRole.self),
      recipient: word(.recipientRole, RegisteredRoute.SystemRole.self)
    )
    let environment = environment(account)
    let superseded = day(.supersededOn)
    let pickUp = pickUp()
    let wireName = wireName()
    let integration = integration()
    guard isSound, !filled.isPartial, let name, let direction, let kind, let account = line.cells[.account]?.text else {
      return nil
    }
    var route = RegisteredRoute(
      name: name, position: line.position, template: filled.template, receiver: filled.receiver,
      direction: direction, account: account, kind: kind,
      integration: integration, municipality: municipality, senderAuthorityName: text(.senderName),
      recipientAuthorityName: text(.recipientName), senderRole: roles.sender, recipientRole: roles.recipient,
      environment: environment, pickUp: pickUp, contact: text(.contact), validFrom: validity.from,
      validTo: validity.to, supersededOn: superseded, specification: specification.isEmpty ? nil : specification,
      notMunicipalities: list(.notMunicipalities), wireName: wireName, outgoing: outgoing)
    route.infRefPosition = line.cells[.infRef]?.position
    if let fault = Route(route).wireNameFault(suffixes: builder.accounts[account]?.suffixes ?? .default) {
      fail(.badValue, .wireName, fault.message, fault.remedy)
      return nil
    }
    return route
  }

  /// The environment of the line, which its account must not contradict.
  private mutating func environment(_ account: Account?) -> ExchangeEnvironment? {
    let environment = word(.environment, ExchangeEnvironment.self)
    if let environment, let own = account?.environment, own != environment {
      fail(
        .conflict, .environment,
        LocalizedText(
          "found \(environment.rawValue), and the account belongs to \(own.title())",
          "fandt \(environment.rawValue), og kontoen hører til \(own.title(in: .danish))"),
        LocalizedText(
          "correct it, or name the other environment's account", "ret det, eller angiv det andet miljøs konto"))
    }
    return environment
  }

  mutating func fail(
    _ code: RegisterFindingCode, _ column: RegisterColumn?, _ message: LocalizedText, _ remedy: LocalizedText
  ) {
    isSound = false
    // The other value of a conflict may be the template's.
    if filled.isPartial, code == .conflict { return }
    let position = column.flatMap { line.cells[$0]?.position } ?? line.position
    log.report(
      code, at: position, in: column, (column.map { LocalizedText("\($0.rawValue): ") } ?? LocalizedText("")) + message,
      remedy)
  }

  mutating func require(_ column: RegisterColumn, _ why: LocalizedText? = nil) {
    guard line.cells[column] == nil else { return }
    isSound = false
    if filled.isPartial { return }
    log.reportMissing(column, at: line.position, why)
  }

  mutating func reject(
    _ code: RegisterFindingCode, _ column: RegisterColumn, expected: LocalizedText, _ remedy: LocalizedText? = nil
  ) {
    let found = Entry.shown(line.cells[column]?.text ?? "")
    fail(
      code, column,
      LocalizedText("found \(found), expected \(expected.en)", "fandt \(found), forventede \(expected.da)"),
      remedy ?? LocalizedText("correct it", "ret den"))
  }
}
