internal import FilsluseBase
internal import Logging
internal import TriggerFiles

extension Logger {
  /// The logger for lines about a delivery, and an error of it: with the keys `account`, `delivery` (`D12`), `file` and
  /// `code`.
  func about(_ delivery: Delivery, _ error: ExchangeError? = nil) -> Logger {
    carrying([
      "account": delivery.account, "delivery": "D\(delivery.id)", "file": Masked.name(delivery.wireName.string),
      "code": error?.mostExactCode,
    ])
  }

  /// The logger for lines about an arrival, and an error of it: with the keys `account`, `arrival` (`A7`), `file` and
  /// `code`.
  func about(_ arrival: Arrival, _ error: ExchangeError? = nil) -> Logger {
    carrying([
      "account": arrival.account, "arrival": "A\(arrival.id)", "file": Masked.name(arrival.wireName.string),
      "code": error?.mostExactCode,
    ])
  }
}
