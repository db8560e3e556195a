internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

// The name of the route, its folders and the names of its files.
extension RouteReading {
  /// The name: as the line says it, or receiver (or template) and municipality.
  mutating func name(_ municipality: Municipality?) -> String? {
    let first = filled.receiver ?? filled.template.map { String($0.prefix { $0 != "|" }) }
    let standard = first.flatMap { first in municipality.map { "\(first)-\($0.code)" } }
    guard let name = (text(.name).map { filling($0, "", municipality) }) ?? standard else {
      // A municipality that is refused is reported itself.
      if first == nil || text(.municipality) == nil { require(.name) }
      return nil
    }
    if awaitsMunicipality(name, municipality) { return nil }
    guard name.utf8.count <= 255, name.escapingControls == name, !name.contains("{") else {
      reject(
        .badValue, .name,
        expected: LocalizedText(
          "1 to 255 bytes without control characters, with {municipality}, {receiver} or {template} where a template names it",
          "1 til 255 byte uden styretegn, med {municipality}, {receiver} eller {template}, hvor en skabelon navngiver den"
        ))
      return nil
    }
    return name
  }

  /// A text with its placeholders filled in.
  func filling(_ text: String, _ name: String, _ municipality: Municipality?) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var filled = text.replacing("{receiver}", with: self.filled.receiver ?? "")
    filled.replace("{template}", with: self.filled.template ?? "")
    if let municipality { filled.replace("{municipality}", with: municipality.code) }
    if !name.isEmpty { filled.replace("{name}", with: name) }
    return filled
  }

  /// Returns true if a text is made of a municipality that is refused, which is reported itself.
  private func awaitsMunicipality(_ filled: String, _ municipality: Municipality?) -> Bool {
    municipality == nil && text(.municipality) != nil && filled.contains("{municipality}")
  }

  /// - Parameter name: the route's name; empty where there is none, which is reported itself.
  mutating func path(_ column: RegisterColumn, _ name: String, _ municipality: Municipality?) -> FilePath? {
    guard let text = text(column) else { return nil }
    let filled = filling(text, name, municipality)
    if awaitsMunicipality(filled, municipality) || (name.isEmpty && filled.contains("{name}")) { return nil }
    guard !filled.contains("{"), let path = LocalPath.resolve(filled, in: builder.folder) else {
      reject(
        .badValue, column,
        expected: LocalizedText(
          "a path, with {name}, {municipality} or {receiver} where it differs",
          "en sti, med {name}, {municipality} eller {receiver}, hvor den er forskellig"))
      return nil
    }
    return path
  }

  mutating func outgoing(
    _ direction: RegisteredRoute.Direction?, _ name: String, _ municipality: Municipality?
  ) -> WatchedFolder? {
    let settled = period(.settledFor)
    let kept = period(.keepSent)
    let accepted = word(.accepted, AfterAcceptance.self)
    guard let path = path(.outgoing, name, municipality) else {
      for column in [RegisterColumn.settledFor, .readyMarker, .accepted, .keepSent] where line.cells[column] != nil {
        if line.cells[.outgoing] == nil { require(.outgoing) }
      }
      return nil
    }
    if direction == .in {
      fail(
        .conflict, .outgoing, LocalizedText("the account receives by this route", "kontoen modtager ad denne rute"),
        LocalizedText("remove it, or write direction out", "fjern den, eller skriv direction out"))
    }
    var folder = WatchedFolder(path: path, readyMarker: text(.readyMarker), keepSent: kept)
    if let settled { folder.settledFor = settled }
    if let accepted { folder.whenAccepted = accepted }
    if let marker = folder.readyMarker {
      let isSound = marker.hasPrefix(".") && (2...32).contains(marker.utf8.count) && !marker.contains("/")
      if !isSound || marker.escapingControls != marker {
        reject(.badValue, .readyMarker, expected: LocalizedText("an ending such as .ready", "en endelse som .ready"))
      }
    }
    if kept != nil, folder.whenAccepted == .remove {
      fail(
        .conflict, .keepSent, LocalizedText("accepted files are removed at once", "accepterede filer fjernes straks"),
        LocalizedText("remove one of the two", "fjern en af de to"))
    }
    return folder
  }

  mutating func wireName() -> WireNameTemplate? {
    guard let text = text(.wireName) else { return nil }
    do throws(WireNameTemplate.Malformed) {
      return try WireNameTemplate(text)
    } catch {
      reject(
        .badValue, .wireName,
        expected: LocalizedText("a name such as {stem}.{route}{ext}", "et navn som {stem}.{route}{ext}"))
      return nil
    }
  }
}
