// swift-tools-version: 6.2

import PackageDescription

// CI builds with FILSLUSE_STRICT=1: a warning in a target of ours is then an error. Dependencies are not ours to judge.
let strict = Context.environment["FILSLUSE_STRICT"] == "1"

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let services = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// The programs of Samples, which the suite runs. Those of the packages Samples/SendExtract and Samples/ReceiveInbox have
/// other names here, since those packages use this one.
let examples: [(name: String, path: String, libraries: [Target.Dependency])] = [
  ("WriteTrigger", "Programs/WriteTrigger", ["TriggerFiles"]),
  ("ReadMetadata", "Programs/ReadMetadata", ["TriggerFiles"]),
  ("DeliverFile", "Programs/DeliverFile", ["FileExchange", "ExchangeSettings", system]),
  ("CollectFiles", "Programs/CollectFiles", ["FileExchange", "ExchangeSettings", system]),
  ("CheckNames", "Programs/CheckNames", ["ExchangeSettings", "TriggerFiles", system]),
  ("ListFolder", "Programs/ListFolder", ["FilsluseSFTP", logging, system]),
  ("WatchInbox", "Programs/WatchInbox", ["PickupWatch", "ExchangeSettings", "TriggerFiles", logging, system]),
  ("TryPlatform", "Programs/TryPlatform", ["LocalPlatform", "FileExchange", logging, system]),
  ("SampleSendExtract", "SendExtract/Sources/SendExtract", ["FileExchange", "ExchangeSettings", system]),
  (
    "SampleReceiveInbox", "ReceiveInbox/Sources/ReceiveInbox",
    ["FileExchange", "ExchangeSettings", "TriggerFiles", system]
  ),
]

let package = Package(
  name: "filsluse",
  products: [
    .library(name: "FilsluseBase", targets: ["FilsluseBase"]),
    .library(name: "FilsluseHTTP", targets: ["FilsluseHTTP"]),
    .library(name: "TriggerFiles", targets: ["TriggerFiles"]),
    .library(name: "ExchangeSettings", targets: ["ExchangeSettings"]),
    .library(name: "FilsluseSFTP", targets: ["FilsluseSFTP"]),
    .library(name: "FileExchange", targets: ["FileExchange", "ExchangeSettings"]),
    .library(name: "PickupWatch", targets: ["PickupWatch"]),
    .library(name: "LocalPlatform", targets: ["LocalPlatform"]),
    .executable(name: "filsluse", targets: ["filsluse"]),
    // For our own tests: preloaded into a process that is to suffer.
    .library(name: "filsluse-faults", type: .dynamic, targets: ["CFaults"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
  ],
  targets: [
    // System libraries, each behind a small C shim, so that none of their headers reaches Swift.
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
    .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CXMLTree", dependencies: ["CLibXML2"], cSettings: cSettings),
    .target(name: "CSSHShim", dependencies: ["CLibSSH2", "CLibCrypto"], cSettings: cSettings),
    .target(name: "CCryptoShim", dependencies: ["CLibCrypto"], cSettings: cSettings),
    // libpq is loaded when it is needed, not linked.
    .target(name: "CPostgreSQLShim", cSettings: cSettings),
    .target(name: "CSystemShim", cSettings: cSettings),
    .target(name: "CFaults", cSettings: cSettings),

    // The ladder: each target knows only those above it in this list.
    .target(
      name: "FilsluseBase", dependencies: ["CSystemShim", "CCryptoShim", system], swiftSettings: settings),
    .target(
      name: "FilsluseHTTP", dependencies: ["FilsluseBase", "CSystemShim", logging, system], swiftSettings: settings),
    .target(name: "TriggerFiles", dependencies: ["CXMLTree"], swiftSettings: settings),
    .target(
      name: "ExchangeSettings",
      dependencies: [
        "TriggerFiles", "FilsluseBase", .product(name: "Yams", package: "Yams"), system,
      ], swiftSettings: settings),
    .target(
      name: "FilsluseSFTP", dependencies: ["CSSHShim", "CSystemShim", "FilsluseBase", logging, system],
      swiftSettings: settings),
    .target(
      name: "FilsluseStore",
      dependencies: [
        "CPostgreSQLShim", "CSystemShim", "FilsluseBase", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"), system,
      ], swiftSettings: settings),
    .target(
      name: "FileExchange",
      dependencies: [
        "FilsluseStore", "FilsluseSFTP", "ExchangeSettings", "TriggerFiles", "FilsluseHTTP", "FilsluseBase",
        "CSystemShim", logging, services, system,
      ], swiftSettings: settings),
    .target(
      name: "PickupWatch",
      dependencies: [
        "FileExchange", "FilsluseStore", "FilsluseSFTP", "ExchangeSettings", "TriggerFiles", "FilsluseBase",
        "CSystemShim", logging, services, system,
      ], swiftSettings: settings),
    // No product: the console is a part of the command.
    .target(
      name: "WatchConsole",
      dependencies: [
        "PickupWatch", "FileExchange", "ExchangeSettings", "TriggerFiles", "FilsluseHTTP", "FilsluseBase", logging,
      ], swiftSettings: settings),
    .target(
      name: "LocalPlatform",
      dependencies: [
        "ExchangeSettings", "TriggerFiles", "FilsluseBase", "CSystemShim", logging, system,
      ], swiftSettings: settings),
    .executableTarget(
      name: "filsluse",
      dependencies: [
        "FileExchange", "PickupWatch", "WatchConsole", "LocalPlatform", "FilsluseSFTP", "ExchangeSettings",
        "TriggerFiles", "FilsluseHTTP", "FilsluseBase", "CSystemShim", logging, services, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], swiftSettings: settings),

    // Measurements beside other tools; no product of its own.
    .executableTarget(
      name: "filsluse-bench",
      dependencies: [
        "FileExchange", "PickupWatch", "FilsluseSFTP", "LocalPlatform", "ExchangeSettings", "TriggerFiles",
        "FilsluseBase", "PlatformFixture",
        logging, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),

    // Kills, cuts and starves the command, and counts what is lost or doubled; runs the same cases on many servers.
    .executableTarget(
      name: "filsluse-torture",
      dependencies: [
        "FileExchange", "FilsluseSFTP", "LocalPlatform", "ExchangeSettings", "TriggerFiles", "FilsluseBase",
        "CSystemShim", "PlatformFixture", "SeededNumbers", logging, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),

    .testTarget(
      name: "FilsluseBaseTests", dependencies: ["FilsluseBase", "PlatformFixture", system], swiftSettings: settings),
    .testTarget(
      name: "FilsluseHTTPTests", dependencies: ["FilsluseHTTP", "FilsluseBase", "PlatformFixture", "SeededNumbers"],
      swiftSettings: settings),
    .testTarget(
      name: "FilsluseStoreTests", dependencies: ["FilsluseStore", "FilsluseBase", "PlatformFixture", system],
      swiftSettings: settings),
    .testTarget(
      name: "TriggerFilesTests", dependencies: ["TriggerFiles", "FilsluseBase", "SeededNumbers", system],
      swiftSettings: settings),
    .testTarget(
      name: "ExchangeSettingsTests",
      dependencies: ["ExchangeSettings", "SeededNumbers", "TriggerFiles", "FilsluseBase", system],
      swiftSettings: settings),
    // Random courses that can be taken again, for the tests of several targets.
    .target(name: "SeededNumbers", path: "Tests/SeededNumbers", swiftSettings: settings),
    // A server for the tests: the real one, started by LocalPlatform.
    .target(
      name: "PlatformFixture",
      dependencies: [
        "LocalPlatform", "ExchangeSettings", "FilsluseStore", "FilsluseHTTP", "FilsluseBase", logging, system,
      ],
      path: "Tests/PlatformFixture", swiftSettings: settings),
    .testTarget(
      name: "FilsluseSFTPTests",
      dependencies: [
        "FilsluseSFTP", "PlatformFixture", "SeededNumbers", "LocalPlatform", "FilsluseBase", logging, system,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FileExchangeTests",
      dependencies: [
        "FileExchange", "FilsluseStore", "FilsluseSFTP", "PlatformFixture", "SeededNumbers", "LocalPlatform",
        "ExchangeSettings", "TriggerFiles", "FilsluseHTTP", "FilsluseBase", logging, services, system,
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: settings),
    // Takes and sends alerts until a test kills it.
    .executableTarget(
      name: "AlertTaker",
      dependencies: ["PickupWatch", "FileExchange", "ExchangeSettings", "FilsluseBase", logging, system],
      path: "Tests/AlertTaker", swiftSettings: settings),
    .testTarget(
      name: "PickupWatchTests",
      dependencies: [
        "AlertTaker", "PickupWatch", "WatchConsole", "FileExchange", "FilsluseStore", "FilsluseSFTP", "PlatformFixture",
        "SeededNumbers", "LocalPlatform",
        "ExchangeSettings", "TriggerFiles", "FilsluseHTTP", "FilsluseBase", logging, services, system,
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "LocalPlatformTests",
      dependencies: [
        "LocalPlatform", "PlatformFixture", "ExchangeSettings", "TriggerFiles", "FilsluseBase", logging,
        system,
      ], swiftSettings: settings),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "filsluse", "FileExchange", "FilsluseSFTP", "PickupWatch", "PlatformFixture", "LocalPlatform",
        "ExchangeSettings", "TriggerFiles",
        "FilsluseBase", logging, system, .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
  ]
    + examples.map { example in
      .executableTarget(
        name: example.name, dependencies: example.libraries, path: "Samples/\(example.path)",
        swiftSettings: settings)
    }
)

// Scripts/build compiles everything but the tests optimised, as unoptimised code makes the suite half as long again.
if Context.environment["FILSLUSE_OPTIMISED"] == "1" {
  for target in package.targets where target.type != .test {
    target.swiftSettings?.append(.unsafeFlags(["-O", "-assert-config", "Debug"]))
  }
}
