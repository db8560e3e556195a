import ExchangeSettings
import FileExchange
import Logging
import TriggerFiles

extension Exchange {
  /// Runs a command's work with an exchange, and closes its journal at the end in any case, so that the high-water mark
  /// is up to date.
  static func during<Result>(
    _ settings: ExchangeSettings, logger: Logger, _ work: (Exchange) async throws -> Result
  ) async throws -> Result {
    let exchange = try await Exchange.open(settings, logger: logger)
    let result: Result
    do {
      result = try await work(exchange)
    } catch {
      // What ended the work matters more, and says the same where the journal was replaced.
      do throws(ExchangeError) { try await exchange.close() } catch let later {
        logger.warning("\(later.inBothLanguages[logger.language])")
      }
      throw error
    }
    try await exchange.close()
    return result
  }
}
