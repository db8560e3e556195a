internal import SystemPackage
internal import Yams

/// Reads the sinks of alerts.
extension SettingsReader {
  private static let sinkForms = ["log", "command", "mail", "webhook"]

  func alertSink(_ entry: Entry) -> AlertSink? {
    if entry.node.scalar?.string == "log" { return .log(AlertSink.LogTarget()) }
    guard let section = Section(entry, keys: Self.sinkForms + ["timeout"]) else { return nil }
    let forms = Self.sinkForms.filter { section[$0] != nil }
    guard forms.count == 1, let form = forms.first, let value = section[form] else {
      entry.report(
        .conflict,
        "found \(forms.isEmpty ? "none" : forms.joined(separator: " and ")), expected one of "
          + Self.sinkForms.joined(separator: ", "),
        remedy: "write an entry of its own for each sink")
      return nil
    }
    if let timeout = section["timeout"], form != "command" {
      timeout.report(
        .unknownKey, "found a timeout beside \(form), expected it beside a command only",
        remedy: form == "log" ? "remove it" : "write it inside \(form)")
      return nil
    }
    switch form {
    case "log": return logTarget(value).map(AlertSink.log)
    case "command": return commandTarget(value, timeout: section["timeout"]).map(AlertSink.command)
    case "mail": return mailTarget(value).map(AlertSink.mail)
    default: return webhookTarget(value).map(AlertSink.webhook)
    }
  }

  private func logTarget(_ entry: Entry) -> AlertSink.LogTarget? {
    let levels = AlertSink.LogTarget.Level.allCases.map(\.rawValue).joined(separator: ", ")
    return entry.value("one of \(levels)", remedy: "severity is as grave as the alert") { text in
      AlertSink.LogTarget.Level(rawValue: text).map { AlertSink.LogTarget(level: $0) }
    }
  }

  private func commandTarget(_ entry: Entry, timeout: Entry?) -> AlertSink.CommandTarget? {
    let command = command(entry)
    let timeout = timeout.map(sinkTimeout) ?? AlertSink.usualTimeout
    guard let command, let timeout else { return nil }
    return AlertSink.CommandTarget(command: command, timeout: timeout)
  }

  private func mailTarget(_ entry: Entry) -> AlertSink.MailTarget? {
    guard let section = Section(entry, keys: ["to", "from", "sendmail", "timeout"]) else { return nil }
    let to = section.required("to", "the addresses that mail goes to")
      .flatMap { each($0, "e-mail addresses", mailAddress) }
    let from = section.required("from", "the address that mail comes from").flatMap(mailAddress)
    let sendmail = section["sendmail"].map(path) ?? AlertSink.MailTarget.usualSendmail
    let timeout = section["timeout"].map(sinkTimeout) ?? AlertSink.usualTimeout
    guard let to, let from, let sendmail, let timeout else { return nil }
    return AlertSink.MailTarget(to: to, from: from, sendmail: sendmail, timeout: timeout)
  }

  private func webhookTarget(_ entry: Entry) -> AlertSink.WebhookTarget? {
    guard let section = Section(entry, keys: ["url", "token-file", "form", "timeout"]) else { return nil }
    // What an address holds may be a secret: a message never shows it.
    let url = section.required("url", "the address to post to").flatMap { entry -> WebAddress? in
      guard let text = entry.text("an http or https address") else { return nil }
      guard let address = WebAddress(text) else {
        entry.report(
          .badValue, "found an address that cannot be used, expected one such as https://alerts.example.dk/hook",
          remedy: "no user names or passwords in it, ASCII only; a token belongs into token-file")
        return nil
      }
      return address
    }
    let tokenFile = section["token-file"].map(path)
    let form = section["form"].map { entry in
      entry.value("json or alertmanager") { AlertSink.WebhookTarget.Form(rawValue: $0) }
    }
    let timeout = section["timeout"].map(sinkTimeout) ?? AlertSink.usualTimeout
    guard let url, let timeout, tokenFile != .some(nil), form != .some(nil) else { return nil }
    if let tokenEntry = section["token-file"], !url.isEncrypted, !url.isLocal {
      log.report(
        .badValue, at: tokenEntry.place, keyPath: tokenEntry.keyPath,
        "the token goes over the network for anybody to read, expected an https address",
        remedy: "use https", severity: .warning)
    }
    return AlertSink.WebhookTarget(
      url: url.text, tokenFile: tokenFile ?? nil, form: (form ?? nil) ?? .json, timeout: timeout)
  }

  private func sinkTimeout(_ entry: Entry) -> Duration? {
    entry.value("a period from 1s to 10m") { text in
      DurationText.parse(text).flatMap { (.seconds(1)...(.seconds(600))).contains($0) ? $0 : nil }
    }
  }

  private func mailAddress(_ entry: Entry) -> String? {
    entry.value("an e-mail address such as drift@example.dk", remedy: "write the address alone, without a name") {
      MailAddress.isSound($0) ? $0 : nil
    }
  }
}
