// swift-tools-version: 6.2

import PackageDescription

// The example programs as a package of their own, which knows Filsluse by its products alone, as a user's package does.
let programs: [String] = [
  "WriteTrigger", "ReadMetadata", "DeliverFile", "CollectFiles", "CheckNames", "ListFolder", "WatchInbox",
  "TryPlatform",
]

let libraries: [Target.Dependency] =
  ["TriggerFiles", "FilsluseSFTP", "ExchangeSettings", "FileExchange", "PickupWatch", "LocalPlatform"].map {
    .product(name: $0, package: "filsluse")
  } + [
    .product(name: "Logging", package: "swift-log"),
    .product(name: "SystemPackage", package: "swift-system"),
  ]

let package = Package(
  name: "filsluse-examples",
  dependencies: [
    .package(name: "filsluse", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
  ],
  targets: programs.map { program in
    .executableTarget(
      name: "My\(program)", dependencies: libraries, path: program,
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  }
)
