public import ExchangeSettings
internal import FilsluseBase
public import SystemPackage
package import TriggerFiles

/// A list of files to deliver, turned into orders: all of them, or none with every reason.
///
/// The list is delimited text with a header. `file` names a local file (relative to the list's folder), and either
/// `route` names one route, or `municipality` gives its code and means **every** route of that municipality: for
/// example its own system's and the shared one's, each a separate transmission (contract section 3).
public struct DeliveryBatch: Sendable {
  /// The orders, in the list's order.
  public let orders: [DeliveryOrder]

  /// A problem in the list that keeps a line from being delivered.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The list; where there is none, the file.
    public let list: FilePath
    /// The line of the list, counted from 1.
    public let line: Int?
    /// The problem and its remedy in both languages.
    package let text: LocalizedText
    /// The problem and its remedy.
    public var message: String { text.en }

    init(list: FilePath, line: Int?, _ text: LocalizedText) {
      (self.list, self.line, self.text) = (list, line, text)
    }

    /// The problem as compilers show theirs.
    public var description: String {
      let place = Masked.name(list.string) + (line.map { ":\($0)" } ?? "")
      return "\(place): error: \(Masked.name(message))"
    }
  }

  /// The list is refused as a whole, before anything is on the wire.
  public struct Refusal: Error, Sendable, CustomStringConvertible {
    /// Everything that is wrong with it.
    public let problems: [Problem]

    /// The problems, one per line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
  }

  init(orders: [DeliveryOrder]) { self.orders = orders }

  /// Reads a list and finds the route or routes of each of its files.
  ///
  /// The wire name of a file sent by municipality always has its route's name before the extension, so that a later
  /// second route for the municipality changes no name: `udtræk.csv` by `flis-0101` is `udtræk.flis-0101.csv`.
  ///
  /// - Parameters:
  ///   - bytes: the list.
  ///   - list: the list's file; relative paths of files start in its folder.
  ///   - settings: the settings with the routes.
  ///   - overrideReason: a person's reason for sending by routes that the register refuses; `nil` for none.
  /// - Throws: ``Refusal`` with every problem of the list: a missing file, an unknown route or municipality, an invalid
  ///   order, one file twice by the same route, one name twice, a row with too few or too many cells.
  public init(
    reading bytes: [UInt8], from list: FilePath, settings: ExchangeSettings, overrideReason: String? = nil
  ) throws(Refusal) {
    let table: DelimitedTable
    do {
      table = try DelimitedTable(reading: bytes)
    } catch {
      throw Refusal(problems: [
        Problem(
          list: list, line: error.line,
          LocalizedText(
            error.description, "listen kan ikke læses; gem den som CSV i UTF-8, og luk alle anførselstegn"))
      ])
    }
    let reader = BatchReader(
      list: list, settings: settings, overrideReason: overrideReason, header: table.header)
    guard reader.headerProblems.isEmpty else { throw Refusal(problems: reader.headerProblems) }
    var problems: [Problem] = []
    var orders: [DeliveryOrder] = []
    var lineOfName: [[UInt8]: Int] = [:]
    for row in table.rows {
      switch reader.orders(in: row) {
      case .failure(let refusal): problems += refusal.problems
      case .success(let found):
        for order in found {
          let key = Array("\(settings.route(named: order.route)?.account ?? "")/\(order.wireName ?? "")".utf8)
          if let earlier = lineOfName[key] {
            problems.append(
              Problem(
                list: list, line: row.line,
                Self.alreadyNamed(order.wireName ?? "", earlier)))
          }
          lineOfName[key] = row.line
        }
        orders += found
      }
    }
    if table.rows.isEmpty {
      problems.append(
        Problem(list: list, line: table.header.line, LocalizedText("the list names no file", "listen nævner ingen fil"))
      )
    }
    guard problems.isEmpty else { throw Refusal(problems: problems) }
    self.orders = orders
  }

  private static func alreadyNamed(_ name: String, _ line: Int) -> LocalizedText {
    LocalizedText(
      "\(name) stands in line \(line) already; two transmissions never share a name",
      "\(name) står allerede i linje \(line); to forsendelser må aldrig have samme navn")
  }
}
