internal import ExchangeSettings
internal import FilsluseSFTP

/// The outcome of using a connection.
enum ConnectionUse: Sendable {
  /// All work is done, or has failed for reasons of its own.
  case done
  /// The connection failed; the remaining work needs a new one.
  case lost(ExchangeError, madeProgress: Bool)
  /// The connection was not used; the error is the reason for waiting.
  case left(ExchangeError)
}

extension SharedConnection {
  /// Runs `body` with the connection, and again with a new one if it requests that after a passing failure.
  ///
  /// - Returns: the error that prevents more: the account is stopped, the task was cancelled, or the failure is not the
  ///   connection's.
  nonisolated func use(_ body: (SFTPClient) async -> ConnectionUse) async -> ExchangeError? {
    while true {
      let client: SFTPClient
      do throws(ExchangeError) {
        client = try await self.open()
      } catch {
        return error
      }
      switch await body(client) {
      case .done:
        await succeeded(with: client)
        return nil
      case .left(let error): return error
      case .lost(let error, let madeProgress):
        // A refusal over a sound connection would be repeated over the next one, and others are using this one.
        guard error.endsConnection, !Task.isCancelled else { return error }
        do throws(ExchangeError) {
          try await lose(client, because: error, madeProgress: madeProgress)
        } catch {
          return error
        }
      }
    }
  }

  /// Runs `body` with a connection that nothing else uses, and again with a new one while it learns something by losing
  /// it. The shared connection has to be there first, with its pauses and maintenance windows.
  ///
  /// - Parameter isKept: whether the connection is kept for the next such work; otherwise it is closed.
  /// - Returns: why it will not get further, as ``use(_:)`` does.
  nonisolated func useAlone(
    keepingWhile isKept: () -> Bool, _ body: (SFTPClient) async -> ConnectionUse
  ) async -> ExchangeError? {
    while true {
      let client: SFTPClient
      do throws(ExchangeError) {
        client = try await self.openAlone()
      } catch {
        return error
      }
      let use = await body(client)
      if case .done = use, isKept() { await keep(client) } else { await client.close() }
      switch use {
      case .done: return nil
      case .left(let error), .lost(let error, madeProgress: false): return error
      case .lost:
        do {
          try await Task.sleep(for: shortestPause)
        } catch {
          return .cancelled(while: "connect to \(account.name)")
        }
      }
    }
  }
}
