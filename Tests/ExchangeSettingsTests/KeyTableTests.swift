import Foundation
import SystemPackage
import Testing
import TriggerFiles

@testable import ExchangeSettings

/// The tables of keys, and the texts made from them: the reference in the documentation and the sample.
@Suite struct KeyTableTests {
  private static let repository = FilePath(#filePath).removingLastComponent().pushing("../..").lexicallyNormalized()

  /// Compares a committed file with the text that the tables give, or writes it when that is asked for.
  private static func expect(_ path: FilePath, holds text: String) throws {
    let file = repository.pushing(path).string
    if ProcessInfo.processInfo.environment["FILSLUSE_WRITE_REFERENCE"] != nil {
      try Data(text.utf8).write(to: URL(filePath: file))
    }
    let found = try String(contentsOfFile: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, expected.count)
    #expect(
      found == expected,
      "\(path) differs from the tables on line \(line + 1); run this suite with FILSLUSE_WRITE_REFERENCE=1 to write it")
  }

  @Test("the reference in the documentation agrees with the tables")
  func reference() throws {
    try Self.expect(
      "Sources/ExchangeSettings/ExchangeSettings.docc/Reference.md", holds: SettingsReference.markdown)
  }

  @Test("the sample explains its keys as the tables do")
  func sample() throws {
    let path: FilePath = "Samples/filsluse.yaml"
    let settings = try ExchangeSettings.load(Self.repository.pushing(path))
    try Self.expect(path, holds: settings.explainedYAML())
    #expect(try ExchangeSettings.parse(settings.explainedYAML(), source: settings.source) == settings)
  }

  @Test("the sample names every key")
  func sampleNamesEveryKey() throws {
    let sample = try String(contentsOfFile: Self.repository.pushing("Samples/filsluse.yaml").string, encoding: .utf8)
    for (path, table) in SettingsReference.sections {
      for key in table.listed where !(key.name == "accounts" && path == "watch.rules[]") {
        #expect(sample.contains("\(key.name):"), "\(path).\(key.name)")
      }
    }
  }

  @Test("no section declares a key twice, and every key is explained by a sentence")
  func declarations() {
    #expect(SettingsReference.keyPaths.count > 120)
    for (path, table) in SettingsReference.sections {
      let names = table.listed.map(\.name)
      #expect(Set(names).count == names.count, "\(path)")
      for key in table.listed {
        #expect(key.text.hasSuffix("."), "\(path).\(key.name)")
        #expect(!key.expected.en.isEmpty && !key.absence.isEmpty, "\(path).\(key.name)")
        let english = SettingsText.englishWords(in: key.expected.da, of: key.expected.en)
        #expect(!key.expected.da.isEmpty && english.isEmpty, "\(path).\(key.name): \(english)")
      }
    }
  }

  // MARK: Every key is read and written

  /// A list without routes.
  private static let emptyList: String = {
    let file = NSTemporaryDirectory() + "filsluse-no-routes.csv"
    try? Data("name;template\n".utf8).write(to: URL(filePath: file), options: .atomic)
    return file
  }()

  /// Settings in which every key stands at least once, with a value that is not its default.
  private static let everyKey = """
    routes-file: \(emptyList)
    changed-specification: block
    journal: { postgresql: "postgresql://f@db/j", password-file: p, local-files: state/j, machines: several, outgoing-folders: shared }
    keep: 31d
    inbox: ind
    language: da
    accounts:
      a:
        host: sftp.example.dk
        port: 2222
        user: a
        key: [{ file: k1, passphrase: { file: p } }, { agent: k2.pub, socket: /run/agent }]
        passphrase: { environment: PASS }
        host-keys: ["\(SettingsText.fingerprint)"]
        it-system: \(SettingsText.system)
        authority: 12345678
        environment: external-test
        folders: { in: ind, out: ud }
        suffixes: { trigger: .t, metadata: .m, receipt: .r }
        bare-files: ["SF2900_*.xml"]
        longest-transfer-id: 300
        poll: 2m
        receipt-within: 11m
        maintenance: ["sun 02:00-06:00"]
        bandwidth: [{ hours: "mon-fri 07:00-17:00", limit: 2MB/s }]
        bulk-connections: 4
        bulk-from: 20MB
        connections: 12
        listing: { most-names: 5, most-bytes: 5MB, longest: 5m }
      b: { host: h, user: b, key: k, known-hosts: known_hosts }
    routes:
      e:
        account: a
        kind: explicit
        infref: \(SettingsText.infRef)
        sender-it-system: \(SettingsText.otherSystem)
        sender-authority: 87654321
        recipient-it-system: \(SettingsText.otherSystem)
        recipient-authority: 87654321
        municipality: "0101"
        not-municipalities: [Vejen]
        name: "{stem}.{route}{ext}"
        outgoing: { folder: ud/e, settled-for: 3s, ready-marker: .klar, keep-sent: 9d }
      d: { account: a, kind: direct, recipients: [x], outgoing: { folder: ud/d, accepted: remove } }
    arrivals:
      r:
        account: a
        infref: Eget_1
        senders: [s]
        sender-it-systems: [\(SettingsText.system)]
        sender-authorities: [12345678]
        recipient-authorities: [87654321]
        municipalities: { 87654321: "0751" }
        hook: { run: [./take, -v], timeout: 3m, tries: 3, answer-by: d }
        business-receipts: true
      d: { account: a, kind: direct, senders: [n] }
    infrefs: [Eget_1]
    watch:
      database: state/w.sqlite
      look-every: 2m
      time-zone: UTC
      business-hours: ["mon-fri 09:00-15:00"]
      days-off: [12-24]
      rules:
        - { account: a, infref: Eget_1, pick-up-within: 4h, warn-at: 50%, expect: daily by 06:00, files: 2,
            one-per-municipality: ["0101"], grace: 10m, business-answer-within: 2d, answer: Eget_1 }
        - { account: b, infref: Eget_1, business-answer-by: 06:00 }
        - { account: a, arrival: d, pick-up-within: 4h }
        - { account: a, bare-files: "SF2900_*.xml", pick-up-within: 4h }
        - { accounts: [a, b], platform-takes-within: 15m, receipt-within: 30m, half-pair-after: 1m, stalled-after: 1m,
            clean-up-after: 9d, warn-at: 80%, most-files: 9, most-bytes: 9GB }
      alerts:
        language: en
        fire-after: 2m
        repeat-every: 1h
        group-above: 3
        maintenance: ["sun 02:00-06:00"]
        console: "https://filsluse.b.dk"
        sinks:
          - log: error
          - { command: [tell], timeout: 5s }
          - mail: { to: [a@b.dk], from: b@b.dk, sendmail: /opt/sendmail, timeout: 5s }
          - webhook: { url: "https://b.dk/x", token-file: token, form: alertmanager, timeout: 5s }
    alert: { run: [tell], timeout: 5s }
    """

  /// Settings with one key changed.
  private struct Variant {
    var title: String
    var key: ListedKey
    /// The settings without the key.
    var without: [YAMLPair]
    /// The settings with the key's default from the reference; `nil` where it has none.
    var withDefault: [YAMLPair]?

    var name: String { "\(title): \(key.name)" }

    func inside(_ rebuild: ([YAMLPair]) -> [YAMLPair]) -> Variant {
      Variant(title: title, key: key, without: rebuild(without), withDefault: withDefault.map(rebuild))
    }
  }

  private static func variants(of pairs: [YAMLPair], _ table: any ListedKeys) throws -> [Variant] {
    var variants: [Variant] = []
    for (index, pair) in pairs.enumerated() {
      let key = try #require(table.listed.first { $0.name == pair.key }, "\(table.title): \(pair.key)")
      func replacing(_ value: YAMLValue) -> [YAMLPair] {
        var changed = pairs
        changed[index].value = value
        return changed
      }
      var without = pairs
      without.remove(at: index)
      variants.append(
        Variant(
          title: table.title, key: key, without: without,
          withDefault: key.hasDefault ? replacing(.plain(key.absence)) : nil))
      guard let nested = key.nested else { continue }
      switch (nested.shape, pair.value) {
      case (.one, .mapping(let inner)):
        variants += try Self.variants(of: inner, nested.table).map { $0.inside { replacing(.mapping($0)) } }
      case (.list, .list(let items)):
        for (place, item) in items.enumerated() {
          guard case .mapping(let inner) = item else { continue }
          variants += try Self.variants(of: inner, nested.table).map { variant in
            variant.inside {
              var changed = items
              changed[place] = .mapping($0)
              return replacing(.list(changed))
            }
          }
        }
      case (.named, .mapping(let named)):
        for (place, part) in named.enumerated() {
          guard case .mapping(let inner) = part.value else { continue }
          variants += try Self.variants(of: inner, nested.table).map { variant in
            variant.inside {
              var changed = named
              changed[place].value = .mapping($0)
              return replacing(.mapping(changed))
            }
          }
        }
      default: break
      }
    }
    return variants
  }

  private static func parse(_ pairs: [YAMLPair]) -> ExchangeSettings? {
    let text = pairs.flatMap { $0.lines(0) }.joined(separator: "\n")
    return try? ExchangeSettings.parse(text, source: "/f.yaml")
  }

  @Test("every key is read, written back and has an effect, and its default is the one in the reference")
  func everyKeyCounts() throws {
    let settings = try ExchangeSettings.parse(Self.everyKey, source: "/f.yaml")
    #expect(try ExchangeSettings.parse(settings.yaml(), source: settings.source) == settings)
    #expect(try ExchangeSettings.parse(settings.explainedYAML(), source: settings.source) == settings)
    let writer = SettingsWriter(folder: "/", accounts: settings.accounts)
    guard case .mapping(let pairs) = writer.mapping(settings, ExchangeSettings.table) else {
      Issue.record("no mapping was written")
      return
    }
    let variants = try Self.variants(of: pairs, ExchangeSettings.table)
    let all = Set(
      SettingsReference.sections.flatMap { section in section.keys.listed.map { "\(section.keys.title): \($0.name)" } })
    #expect(all.subtracting(variants.map(\.name)).sorted() == [], "keys that are not written")
    var effective: Set<String> = []
    for variant in variants where !effective.contains(variant.name) {
      let without = Self.parse(variant.without)
      if without != settings { effective.insert(variant.name) }
      if let withDefault = variant.withDefault { #expect(Self.parse(withDefault) == without, "\(variant.name)") }
    }
    #expect(all.subtracting(effective).sorted() == [], "keys without an effect")
  }
}
