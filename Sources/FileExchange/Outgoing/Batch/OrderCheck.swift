internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Checks an order before any file of its batch is on the wire: its file must be readable, its name valid and its
/// trigger fit for sending.
///
/// Staging checks each order again: a batch may take hours, and the day, the data specification and the file may change
/// meanwhile.
struct OrderCheck: Sendable {
  let settings: ExchangeSettings

  /// The size of the file; `nil`, and why in a message, when it cannot be read or is no file.
  func size(of file: FilePath, _ messages: inout [LocalizedText]) -> UInt64? {
    do throws(ExchangeError) {
      return try LocalFile(reading: file).status().size
    } catch {
      messages.append(LocalizedText("\(file) cannot be read: \(error.message)", error.inDanish))
      return nil
    }
  }

  /// Checks orders for a file of that size.
  func check(_ orders: [DeliveryOrder], size: UInt64, _ messages: inout [LocalizedText]) {
    for order in orders {
      // A route without an account of the settings is refused with the settings.
      guard let route = settings.route(named: order.route), settings.account(named: route.account) != nil else {
        continue
      }
      do throws(ExchangeError) {
        _ = try NewTrigger(for: order, size: size, settings: settings)
      } catch {
        messages.append(
          LocalizedText("\(order.route): \(error.message); \(error.remedy)", "\(order.route): \(error.inDanish)"))
      }
    }
  }
}
