internal import FilsluseSystem
internal import Foundation
internal import FoundationNetworking

/// Posts over HTTP with Foundation's URLSession, the only user of which this is. Redirects are not followed, cookies and
/// caches are not kept, and what is answered is not read beyond its status.
final class HTTPPoster: Sendable {
  private let session: URLSession
  private let desk = AnswerDesk()

  init() {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    session = URLSession(configuration: configuration, delegate: desk, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  /// Posts and waits for the answer's status.
  func post(
    _ body: Data, to url: URL, head: [String: String], timeout: Duration
  ) async throws(SendingFailure) -> Int {
    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData)
    request.httpMethod = "POST"
    request.httpBody = body
    // Foundation's is for the longest silence; the deadline for the whole is ours, and comes first.
    request.timeoutInterval = timeout / .seconds(1) + 10
    for (name, value) in head { request.setValue(value, forHTTPHeaderField: name) }
    // A connection that is kept for hours is mostly a dead one when an alert comes.
    request.setValue("close", forHTTPHeaderField: "Connection")
    let task = session.dataTask(with: request)
    let deadline = Task { [desk] in
      try await Task.sleep(for: timeout)
      desk.end(task, .failure(SendingFailure(description: "it did not answer within \(timeout)")))
    }
    defer { deadline.cancel() }
    let outcome: Result<Int, SendingFailure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        desk.await(task, continuation)
        if Task.isCancelled { desk.end(task, .failure(Self.stopped)) } else { task.resume() }
      }
    } onCancel: {
      desk.end(task, .failure(Self.stopped))
    }
    return try outcome.get()
  }

  private static let stopped = SendingFailure(description: "the watcher was stopped meanwhile")
}

/// Takes the session's calls to whoever waits.
private final class AnswerDesk: NSObject, URLSessionDataDelegate, Sendable {
  typealias Waiting = CheckedContinuation<Result<Int, SendingFailure>, Never>

  private let waiting = Locked<[Int: Waiting]>([:])

  func await(_ task: URLSessionTask, _ continuation: Waiting) {
    waiting.withLock { $0[task.taskIdentifier] = continuation }
  }

  /// Tells the waiting task, once, and ends the request.
  func end(_ task: URLSessionTask, _ outcome: Result<Int, SendingFailure>) {
    waiting.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.resume(returning: outcome)
    task.cancel()
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
    end(task, .success(response.statusCode))
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    completionHandler(.cancel)
    let status = (response as? HTTPURLResponse)?.statusCode
    end(dataTask, status.map { .success($0) } ?? .failure(SendingFailure(description: "it does not speak HTTP")))
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let status = (task.response as? HTTPURLResponse)?.statusCode { return end(task, .success(status)) }
    // Its description may hold the whole address, secrets and all; the code says enough.
    let code = (error as? URLError)?.errorCode
    let reason =
      switch code {
      case NSURLErrorTimedOut: "it did not answer in time"
      case NSURLErrorCannotFindHost, NSURLErrorDNSLookupFailed: "its host's name is not known"
      case NSURLErrorCannotConnectToHost: "nobody takes the connection"
      case NSURLErrorNetworkConnectionLost: "the connection broke"
      case NSURLErrorSecureConnectionFailed, NSURLErrorServerCertificateUntrusted: "its certificate is not trusted"
      default: "the request failed (URLError \(code.map { "\($0)" } ?? "unknown"))"
      }
    end(task, .failure(SendingFailure(description: reason)))
  }
}
