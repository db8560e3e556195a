import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

/// Chromium without a window, steered as its own developer tools steer it (Chrome DevTools Protocol): by messages over
/// two pipes, with real key presses.
final class Chromium: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private struct State {
    var lastID = 0
    var session: String?
    /// Bytes that came and are no whole message yet.
    var rest: [UInt8] = []
    /// The events that nobody has waited for yet.
    var events: [String] = []
    /// What the browser complains of: violations of the policy, errors of the page.
    var complaints: [String] = []
  }

  static let isThere = access("/usr/bin/chromium", X_OK) == 0

  /// The descriptors of the two pipes: commands go out, answers and events come in.
  private let commands: Int32
  private let answers: Int32
  private let state = Locked(State())

  private init(commands: Int32, answers: Int32) {
    self.commands = commands
    self.answers = answers
  }

  deinit {
    close(commands)
    close(answers)
  }

  /// Runs a browser with an empty profile and one page while `body` lasts.
  static func with(_ folder: FilePath, _ body: (Chromium) async throws -> Void) async throws {
    let pipes = ["commands", "answers"].map { folder.appending($0) }
    for pipe in pipes where mkfifo(pipe.string, 0o600) != 0 { throw Failure(description: "mkfifo: \(errno)") }
    // Opened for both directions, so that neither end waits for the other.
    let ends = pipes.map { Glibc.open($0.string, O_RDWR | O_CLOEXEC) }
    guard ends.allSatisfy({ $0 >= 0 }) else { throw Failure(description: "the pipes cannot be opened: \(errno)") }
    let browser = Chromium(commands: ends[0], answers: ends[1])
    var arguments = [
      "timeout", "--signal=KILL", "1200", "/bin/sh", "-c", #"exec 3<"$0" 4>"$1"; shift; exec "$@""#,
      pipes[0].string, pipes[1].string, "/usr/bin/chromium", "--headless", "--disable-gpu", "--hide-scrollbars",
      "--no-first-run", "--remote-debugging-pipe", "--user-data-dir=\(folder.appending("profile"))",
    ]
    // Chromium's own sandbox is not for root.
    if geteuid() == 0 { arguments.append("--no-sandbox") }
    let program = Program(arguments: arguments + ["about:blank"], timeout: .seconds(1200))
    let running = Task { await program.run() }
    let outcome: Result<Void, any Error>
    do {
      try await browser.openPage()
      outcome = .success(try await body(browser))
    } catch {
      outcome = .failure(error)
    }
    running.cancel()
    _ = await running.value
    try outcome.get()
  }

  private func openPage() async throws {
    let target = try await call("Target.createTarget", ["url": "about:blank"]).text("targetId")
    let session = try await call("Target.attachToTarget", ["targetId": target, "flatten": true]).text("sessionId")
    state.withLock { $0.session = session }
    for domain in ["Page", "Runtime", "Log", "Network"] { _ = try await call("\(domain).enable") }
  }

  // MARK: Pages

  /// Opens an address and waits until the page is loaded.
  func open(_ address: String) async throws {
    forget("Page.loadEventFired")
    _ = try await call("Page.navigate", ["url": address])
    try await wait(for: "Page.loadEventFired")
  }

  /// Runs a script in every page that is opened from now on, before the page's own content.
  func runOnEachPage(_ script: String) async throws {
    _ = try await call("Page.addScriptToEvaluateOnNewDocument", ["source": script])
  }

  /// Shows a page in place of the one that is open, with that one's address: an answer to a form has none of its own.
  func show(_ html: String) async throws {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: [html]), as: UTF8.self)
    _ = try await awaited(
      """
      (async () => { document.open(); document.write(\(text)[0]); document.close(); \
      while (document.readyState !== 'complete') await new Promise(next => setTimeout(next, 10)); })()
      """)
  }

  /// Shows pages as on a screen of that size, in a language, light or dark, or as they are printed.
  func look(width: Int, height: Int, language: String = "en", isDark: Bool = false, isPrint: Bool = false) async throws
  {
    _ = try await call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500])
    let scheme: [String: Any] = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
    _ = try await call("Emulation.setEmulatedMedia", ["media": isPrint ? "print" : "screen", "features": [scheme]])
    _ = try await call("Network.setExtraHTTPHeaders", ["headers": ["Accept-Language": language]])
  }

  /// Writes a picture of what the screen shows.
  func picture(to file: FilePath) async throws {
    let data = try await call("Page.captureScreenshot", ["format": "png"]).text("data")
    guard let bytes = Data(base64Encoded: data) else { throw Failure(description: "the picture is no base64") }
    try bytes.write(to: URL(filePath: file.string))
  }

  /// The value of an expression of JavaScript in the page, as text.
  func value(of expression: String) async throws -> String {
    let reply = try await call(
      "Runtime.evaluate", ["expression": "String(\(expression))", "returnByValue": true])
    return try reply.value()
  }

  /// The value that a promise in the page comes to, as text.
  func awaited(_ expression: String) async throws -> String {
    let reply = try await call(
      "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
    return try reply.value()
  }

  /// The text of the page as it is shown.
  var text: String { get async throws { try await value(of: "document.body.innerText") } }

  var path: String { get async throws { try await value(of: "location.pathname + location.search") } }

  /// What the browser has complained of since the last time this was asked.
  func complaints() -> [String] {
    state.withLock { state in
      defer { state.complaints = [] }
      return state.complaints
    }
  }

  // MARK: Keys

  enum Key {
    case tab, enter, space

    fileprivate var parameters: [String: Any] {
      switch self {
      case .tab: ["key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9]
      case .enter: ["key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"]
      case .space: ["key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": " "]
      }
    }
  }

  func press(_ key: Key) async throws {
    _ = try await call("Input.dispatchKeyEvent", key.parameters.merging(["type": "keyDown"]) { $1 })
    _ = try await call("Input.dispatchKeyEvent", key.parameters.merging(["type": "keyUp"]) { $1 })
  }

  /// Presses a key that leads to another page, and waits until that is loaded.
  func follow(_ key: Key = .enter) async throws {
    forget("Page.loadEventFired")
    try await press(key)
    try await wait(for: "Page.loadEventFired")
  }

  /// Types into what has the focus.
  func type(_ text: String) async throws { _ = try await call("Input.insertText", ["text": text]) }

  /// Presses the tabulator until something has the focus whose name holds the words, and returns how often.
  @discardableResult
  func tab(to words: String) async throws -> Int {
    var seen: [String] = []
    for presses in 1...600 {
      try await press(.tab)
      let name = try await value(of: Self.nameOfFocus)
      if name.contains(words) { return presses }
      seen.append(name)
    }
    throw Failure(description: "nothing with “\(words)” gets the focus; the last were \(seen.suffix(20))")
  }

  /// The name of what has the focus, as a screen reader says it: the label, the text, or the words on it.
  private static let nameOfFocus = """
    (() => { const e = document.activeElement; if (!e) return ''; \
    const label = e.labels && e.labels.length ? e.labels[0].textContent : ''; \
    return e.getAttribute('aria-label') || label || e.textContent || e.value || ''; })()
    """

  // MARK: Messages

  /// An answer, in JSON.
  struct Reply: Sendable {
    let json: [UInt8]

    private func object() throws -> [String: Any] {
      let all = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] ?? [:]
      if let error = all["error"] { throw Failure(description: "the browser refuses: \(error)") }
      return all["result"] as? [String: Any] ?? [:]
    }

    func text(_ key: String) throws -> String {
      guard let text = try object()[key] as? String else { throw Failure(description: "the browser gives no \(key)") }
      return text
    }

    /// The value of an expression.
    func value() throws -> String {
      let object = try object()
      if let details = object["exceptionDetails"] { throw Failure(description: "the expression fails: \(details)") }
      let result = object["result"] as? [String: Any]
      guard let value = result?["value"] else { return "" }
      return value as? String ?? "\(value)"
    }
  }

  private func call(_ method: String, _ parameters: [String: Any] = [:]) async throws -> Reply {
    let (id, session) = state.withLock { state in
      state.lastID += 1
      return (state.lastID, state.session)
    }
    var message: [String: Any] = ["id": id, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    let bytes = Array(try JSONSerialization.data(withJSONObject: message)) + [0]
    return try await onThread { browser -> Reply in
      try browser.send(bytes)
      while true {
        let message = try browser.nextMessage()
        if try browser.note(message) == id { return Reply(json: message) }
      }
    }
  }

  private func forget(_ event: String) { state.withLock { $0.events.removeAll { $0 == event } } }

  private func wait(for event: String) async throws {
    _ = try await onThread { browser -> Bool in
      while true {
        let isThere: Bool = browser.state.withLock { state in
          guard let index = state.events.firstIndex(of: event) else { return false }
          state.events.remove(at: index)
          return true
        }
        if isThere { return true }
        _ = try browser.note(try browser.nextMessage())
      }
    }
  }

  /// Keeps what a message tells; returns the number of the command that it answers, 0 for an event.
  private func note(_ message: [UInt8]) throws -> Int {
    let all = try JSONSerialization.jsonObject(with: Data(message)) as? [String: Any] ?? [:]
    if let id = all["id"] as? Int { return id }
    let method = all["method"] as? String ?? ""
    let entry = (all["params"] as? [String: Any])?["entry"] as? [String: Any]
    let isComplaint = method == "Runtime.exceptionThrown" || entry?["level"] as? String == "error"
    let complaint = isComplaint ? String(decoding: message.prefix(2000), as: UTF8.self) : nil
    state.withLock { state in
      state.events.append(method)
      if state.events.count > 1000 { state.events.removeFirst(500) }
      if let complaint { state.complaints.append(complaint) }
    }
    return 0
  }

  private func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(commands, $0.baseAddress?.advanced(by: sent), $0.count - sent) }
      guard count > 0 else { throw Failure(description: "the browser takes no commands: \(errno)") }
      sent += count
    }
  }

  /// Waits for the next message, which ends with a zero byte; for two minutes at most.
  private func nextMessage() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 262_144)
    while true {
      let whole: [UInt8]? = state.withLock { state in
        guard let end = state.rest.firstIndex(of: 0) else { return nil }
        defer { state.rest.removeFirst(end + 1) }
        return Array(state.rest[..<end])
      }
      if let whole { return whole }
      var polled = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, 120_000) > 0 else { throw Failure(description: "the browser says nothing") }
      let count = read(answers, &buffer, buffer.count)
      guard count > 0 else { throw Failure(description: "the browser is gone: \(errno)") }
      let piece = Array(buffer[..<count])
      state.withLock { $0.rest += piece }
    }
  }

  /// Runs what waits on a thread of its own.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable (Chromium) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      BlockingThreads.startThread(named: "chromium") {
        continuation.resume(with: Result { try body(self) })
      }
    }
  }
}

/// axe-core, the checker of accessibility, as Scripts/prepare unpacks it.
enum Axe {
  private static let file: FilePath = {
    var root = FilePath(#filePath)
    while root.lastComponent != "Tests", root.removeLastComponent() {}
    return root.removingLastComponent().appending(".build/neighbours/axe-core/axe.min.js")
  }()

  static let isThere = access(file.string, R_OK) == 0

  /// Puts it on every page that the browser opens from now on.
  static func prepare(_ browser: Chromium) async throws {
    try await browser.runOnEachPage(try String(contentsOfFile: file.string, encoding: .utf8))
  }

  /// The violations of WCAG 2.2 A and AA, and of good practice, that it finds in the page; the browser was prepared.
  static func violations(in browser: Chromium) async throws -> String {
    try await browser.awaited(
      """
      axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(v => \
      v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | ')).join('\\n'))
      """)
  }
}
