public import ExchangeSettings
internal import Foundation
internal import SystemPackage
internal import TriggerFiles

extension DeliveryBatch {
  /// Returns true if a text is a pattern of file names, and not the name of a list.
  public static func isPattern(_ text: String) -> Bool { FilePattern.isPattern(text) }

  /// Finds the files whose names match a pattern such as `dir/udtræk_{code}_{name}_*.csv`, and every route of the
  /// municipality in each name.
  ///
  /// `{code}` stands for the municipality's code, four digits or three, `{name}` for its name; if both are used they
  /// must agree. `*` stands for anything, `?` for one character. All four are read in the last part of the path only.
  /// On the wire a file's name gets its route's name before the extension, as for a list that names its municipality.
  ///
  /// - Parameters:
  ///   - pattern: the pattern, with the path of its folder.
  ///   - settings: the settings with the routes.
  ///   - overrideReason: a person's reason for sending by routes that the register refuses; `nil` for none.
  /// - Throws: ``Refusal`` with every file that names no municipality or more than one, has no route for it, is not a
  ///   plain file, or has a name that the wire cannot carry; also if no file matches.
  public init(pattern: String, settings: ExchangeSettings, overrideReason: String? = nil) throws(Refusal) {
    let path = FilePath(pattern)
    let folder = path.removingLastComponent()
    guard let last = path.lastComponent?.string, FilePattern.isPattern(last), !FilePattern.isPattern(folder.string)
    else {
      throw Refusal(problems: [
        Problem(
          list: path, line: nil,
          LocalizedText(
            "{code} and {name} can only stand in the last part of the path",
            "{code} og {name} kan kun stå i den sidste del af stien"))
      ])
    }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder.string).sorted()
    } catch {
      throw Refusal(problems: [
        Problem(
          list: folder, line: nil,
          LocalizedText(
            "the folder cannot be read: \(error.localizedDescription)",
            "mappen kan ikke læses; se efter stien og rettighederne"))
      ])
    }
    let shape = FilePattern(last)
    let check = OrderCheck(settings: settings)
    var problems: [Problem] = []
    var orders: [DeliveryOrder] = []
    for name in names {
      let file = folder.appending(name)
      switch shape.read(name) {
      case .other: continue
      case .unclear(let message): problems.append(Problem(list: file, line: nil, message))
      case .municipality(let municipality):
        var messages: [LocalizedText] = []
        let size = check.size(of: file, &messages)
        var found = MunicipalityRoutes(settings: settings).orders(for: file, municipality.code, &messages)
        for index in found.indices { found[index].overrideReason = overrideReason }
        if let size { check.check(found, size: size, &messages) }
        orders += found
        problems += messages.map { Problem(list: file, line: nil, $0) }
      }
    }
    if problems.isEmpty, orders.isEmpty {
      problems.append(
        Problem(list: path, line: nil, LocalizedText("no file fits this pattern", "ingen fil passer til mønsteret")))
    }
    problems += Self.sharedNames(of: orders, settings: settings)
    guard problems.isEmpty else { throw Refusal(problems: problems) }
    self.init(orders: orders)
  }

  /// Two transmissions never share a name in OUT (contract section 7), and a route's own rule may give two files one.
  private static func sharedNames(of orders: [DeliveryOrder], settings: ExchangeSettings) -> [Problem] {
    var holders: [[UInt8]: DeliveryOrder] = [:]
    return orders.compactMap { order in
      let name = order.wireName ?? ""
      let key = Array("\(settings.route(named: order.route)?.account ?? "")/\(name)".utf8)
      guard let holder = holders.updateValue(order, forKey: key) else { return nil }
      return Problem(
        list: order.file, line: nil,
        LocalizedText(
          "\(order.route) would call it \(name), as \(holder.route) calls \(holder.file): two transmissions never share a name; write name: \"{stem}.{route}{ext}\" at the routes",
          "\(order.route) ville kalde den \(name), ligesom \(holder.route) kalder \(holder.file): to forsendelser må aldrig have samme navn; skriv name: \"{stem}.{route}{ext}\" på ruterne"
        ))
    }
  }
}
