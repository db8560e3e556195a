internal import FilsluseSFTP
internal import Logging

extension Logger {
  /// The logger for lines about an error of an account, with keys that a program need not read out of the text:
  /// `account`, `file` and `code`.
  func about(_ error: ExchangeError, of account: String) -> Logger {
    carrying(["account": account, "file": error.path, "code": error.mostExactCode])
  }

  /// The logger with those keys that have a value.
  func carrying(_ values: [String: String?]) -> Logger {
    var logger = self
    for (key, value) in values {
      if let value { logger[metadataKey: key] = "\(value)" }
    }
    return logger
  }
}

extension ExchangeError {
  /// The code of the connection's failure where that is the cause, otherwise its own.
  var mostExactCode: String { transfer?.code.rawValue ?? code.rawValue }
}
